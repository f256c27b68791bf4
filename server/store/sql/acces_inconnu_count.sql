-- An hour has so many rows of a territoire and no more, whoever tries from wherever:
-- the addresses that come after are counted together.
with hour as materialized (
    select date_trunc('hour', clock_timestamp(), 'UTC') as heure
), known as materialized (
    select a.origine from acces_inconnu a, hour where a.territoire = @territoire and a.heure = hour.heure
)
insert into acces_inconnu as a (territoire, heure, raison, fournisseur, origine)
select @territoire, heure, @raison, @fournisseur,
       case when (select count(*) < @most::int or coalesce(bool_or(origine = @origine), false) from known) then @origine else '' end
  from hour
on conflict (territoire, heure, raison, fournisseur, origine) do update set essais = a.essais + 1, dernier = clock_timestamp()
