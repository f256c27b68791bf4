-- Which of the quartiers @codes something refers to, and how often.
select code, ateliers, markers, signalements
from unnest(@codes::text[]) as c(code),
     lateral (select
         (select count(*) from atelier a where a.territoire = @territoire and a.quartier = c.code)::int as ateliers,
         (select count(*) from marker m where m.territoire = @territoire and m.quartier = c.code)::int as markers,
         (select count(*) from signalement s where s.territoire = @territoire and s.quartier = c.code)::int as signalements) n
where ateliers + markers + signalements > 0
order by code collate "C"
