-- In one statement: a try is counted in one of the two places, and once.
with past as (
    delete from acces_inconnu where heure < date_trunc('hour', clock_timestamp(), 'UTC')
    returning territoire, heure, raison, fournisseur, origine, essais
)
insert into journal.connexion (territoire, evenement, origine, details)
select territoire, @evenement, origine, jsonb_strip_nulls(jsonb_build_object('raison', raison, 'fournisseur', nullif(fournisseur, ''),
           'essais', essais::text, 'heure', to_char(heure at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
  from past
