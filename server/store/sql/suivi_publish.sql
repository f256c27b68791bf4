-- What is public follows the ledger and the decisions: states and days at once,
-- texts as they were decided about, and nothing that was taken back. Of a pilote
-- whose name waits to be read, nothing is said. An entry has an identifier of its own.
with wanted as (
    select a.territoire, md5(a.id::text || encode(s.value, 'hex'))::uuid as id, a.quartier, d.said, d.titre, d.answer, a.code, a.state,
           case nom.action when 'publish' then o.nom when 'redact' then coalesce(nom.texte, '') else '' end as pilote, a.echeance, a.done_on, (m.starts_at at time zone t.fuseau)::date as atelier_on,
           (coalesce(last.at, a.created_at) at time zone t.fuseau)::date as changed_on, a.demo
    from action a
    join territoire t on t.territoire = a.territoire
    join service_secret s on s.name = 'suivi'
    cross join lateral (select d.shown, d.said, d.titre, d.answer from suivi_decision d
                         where d.territoire = a.territoire and d.action = a.id order by d.at desc, d.id desc limit 1) d
    cross join lateral (select max(e.at) as at from action_event e where e.territoire = a.territoire and e.action = a.id) last
    left join organisation o on o.territoire = a.territoire and o.id = a.pilote
    left join texte_lu nom on nom.territoire = o.territoire and nom.objet_id = o.id and nom.champ = 'nom'
        and nom.digest = sha256(convert_to(o.nom, 'UTF8'))
    left join atelier m on m.territoire = a.territoire and m.id = a.atelier
    where a.territoire = @territoire and d.shown
), gone as (
    delete from publication.suivi p
    where p.territoire = @territoire and not exists (select from wanted w where w.id = p.id)
)
insert into publication.suivi as p (territoire, id, quartier, said, titre, answer, code, state, pilote, echeance, done_on, atelier_on, changed_on, demo)
select territoire, id, quartier, said, titre, answer, code, state, pilote, echeance, done_on, atelier_on, changed_on, demo from wanted
on conflict (territoire, id) do update
set quartier = excluded.quartier, said = excluded.said, titre = excluded.titre, answer = excluded.answer, code = excluded.code,
    state = excluded.state, pilote = excluded.pilote, echeance = excluded.echeance, done_on = excluded.done_on,
    atelier_on = excluded.atelier_on, changed_on = excluded.changed_on, demo = excluded.demo
where (p.quartier, p.said, p.titre, p.answer, p.code, p.state, p.pilote, p.echeance, p.done_on, p.atelier_on, p.changed_on, p.demo)
   is distinct from (excluded.quartier, excluded.said, excluded.titre, excluded.answer, excluded.code, excluded.state, excluded.pilote,
                     excluded.echeance, excluded.done_on, excluded.atelier_on, excluded.changed_on, excluded.demo)
