-- What is announced follows the ateliers: new ones, changed ones, and none that
-- is gone, closed, or whose announced end has passed. An announcement has an
-- identifier of its own, and of what happens in the room only its end moves it:
-- nobody comes to an evening that is over. Title and place are what moderation lets
-- be read of them, empty while they wait.
with wanted as (
    select a.territoire, md5(a.id::text || encode(s.value, 'hex'))::uuid as id, a.quartier, a.kind,
           case titre.action when 'publish' then a.titre when 'redact' then coalesce(titre.texte, '') else '' end as titre,
           case lieu.action when 'publish' then a.lieu when 'redact' then coalesce(lieu.texte, '') else '' end as lieu, a.starts_at, a.closes_at, a.demo
    from atelier a
    join service_secret s on s.name = 'rencontre'
    left join texte_lu titre on titre.territoire = a.territoire and titre.objet_id = a.id and titre.champ = 'titre'
        and titre.digest = sha256(convert_to(a.titre, 'UTF8'))
    left join texte_lu lieu on lieu.territoire = a.territoire and lieu.objet_id = a.id and lieu.champ = 'lieu'
        and lieu.digest = sha256(convert_to(a.lieu, 'UTF8'))
    where a.territoire = @territoire and a.state <> 'closed' and a.closes_at > @now
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
