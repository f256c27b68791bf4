-- What is announced follows the ateliers: new ones, changed ones, and none that
-- is gone or whose announced end has passed. An announcement has an identifier of
-- its own, and nothing of what happens in the room moves it.
with wanted as (
    select a.territoire, md5(a.id::text || encode(s.value, 'hex'))::uuid as id, a.quartier, a.kind, a.titre, a.lieu, a.starts_at, a.closes_at, a.demo
    from atelier a, service_secret s
    where a.territoire = @territoire and s.name = 'rencontre' and a.closes_at > @now
), gone as (
    delete from publication.rencontre r
    where r.territoire = @territoire and not exists (select from wanted w where w.id = r.id)
)
insert into publication.rencontre as r (territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, demo)
select territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, demo from wanted
on conflict (territoire, id) do update
set quartier = excluded.quartier, kind = excluded.kind, titre = excluded.titre, lieu = excluded.lieu,
    starts_at = excluded.starts_at, closes_at = excluded.closes_at, demo = excluded.demo
where (r.quartier, r.kind, r.titre, r.lieu, r.starts_at, r.closes_at, r.demo)
   is distinct from (excluded.quartier, excluded.kind, excluded.titre, excluded.lieu, excluded.starts_at, excluded.closes_at, excluded.demo)
