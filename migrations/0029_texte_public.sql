-- +goose Up

-- What the city writes and everybody reads without a decision of its own: the
-- evenings that are announced, and who pilots what.
alter table moderation drop constraint moderation_objet_check, drop constraint moderation_champ_check;
alter table moderation
    add constraint moderation_objet_check check (objet in ('marker', 'signalement', 'remark', 'finding', 'action', 'atelier', 'organisation')),
    add constraint moderation_champ_check check (champ in ('', 'note', 'subtheme', 'texte', 'titre', 'detail', 'reason', 'proof', 'lieu', 'nom'));

create or replace view texte_libre as
select m.territoire, 'marker' as objet, m.id as objet_id, m.atelier, 'note' as champ, m.note as texte, m.quartier, m.felt, m.themes,
       m.updated_at as at, m.hidden, a.demo
from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
where not m.deleted and m.note is not null
union all
select s.territoire, 'signalement', s.id, null, c.champ, c.texte, coalesce(s.quartier, ''), '', array[s.theme], s.received_at, s.hidden, s.demo
from signalement s
cross join lateral (values ('note', s.note), ('subtheme', case when s.origin = 'habitant' then s.subtheme end)) c (champ, texte)
where (s.note is not null or s.subtheme is not null) and c.texte is not null
union all
select r.territoire, 'remark', r.id, r.atelier, 'texte', r.texte, a.quartier, '', array_remove(array[r.theme], null), r.updated_at, r.hidden, a.demo
from remark r join atelier a on a.territoire = r.territoire and a.id = r.atelier
where not r.deleted
union all
select f.territoire, 'finding', f.id, f.atelier, c.champ, c.texte, f.quartier, '', f.themes, f.updated_at, false, a.demo
from finding f join atelier a on a.territoire = f.territoire and a.id = f.atelier
cross join lateral (values ('titre', f.titre), ('detail', f.detail)) c (champ, texte)
where not f.withdrawn and c.texte <> ''
union all
select x.territoire, 'action', x.id, x.atelier, c.champ, c.texte, x.quartier, '', '{}', x.updated_at, false, x.demo
from action x
cross join lateral (values ('titre', x.titre), ('detail', x.detail)) c (champ, texte)
where c.texte <> ''
union all
-- The same words said twice of an action are one text.
select x.territoire, 'action', x.id, x.atelier, c.champ, c.texte, x.quartier, '', '{}', min(e.at), false, x.demo
from action_event e join action x on x.territoire = e.territoire and x.id = e.action
cross join lateral (values ('reason', e.reason), ('proof', e.proof)) c (champ, texte)
where c.texte <> ''
group by x.territoire, x.id, x.atelier, c.champ, c.texte, x.quartier, x.demo
union all
select a.territoire, 'atelier', a.id, a.id, c.champ, c.texte, a.quartier, '', '{}', a.created_at, false, a.demo
from atelier a
cross join lateral (values ('titre', a.titre), ('lieu', a.lieu)) c (champ, texte)
where c.texte <> ''
union all
select o.territoire, 'organisation', o.id, null, 'nom', o.nom, '', '', '{}', o.created_at, false, o.demo
from organisation o;
comment on view texte_libre is 'Every free text that somebody other than its author may come to read, with the object it belongs to. What may be shown of it, moderation says. Of evenings and organisations it says what the public reads; at work they are named as they are.';

create view texte_lu as
select distinct on (territoire, objet_id, champ, digest) territoire, objet_id, champ, digest, action, texte
from moderation
where champ <> ''
order by territoire, objet_id, champ, digest, at desc, id desc;
comment on view texte_lu is 'The decision that holds for each wording that somebody has read, or the service by itself.';
comment on column texte_lu.texte is 'What is shown of a redacted text; of a published one its own words are.';

-- +goose Down
drop view texte_lu;
delete from moderation where objet in ('atelier', 'organisation');
drop view texte_libre;
create view texte_libre as
select m.territoire, 'marker' as objet, m.id as objet_id, m.atelier, 'note' as champ, m.note as texte, m.quartier, m.felt, m.themes,
       m.updated_at as at, m.hidden, a.demo
from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
where not m.deleted and m.note is not null
union all
select s.territoire, 'signalement', s.id, null, c.champ, c.texte, coalesce(s.quartier, ''), '', array[s.theme], s.received_at, s.hidden, s.demo
from signalement s
cross join lateral (values ('note', s.note), ('subtheme', case when s.origin = 'habitant' then s.subtheme end)) c (champ, texte)
where (s.note is not null or s.subtheme is not null) and c.texte is not null
union all
select r.territoire, 'remark', r.id, r.atelier, 'texte', r.texte, a.quartier, '', array_remove(array[r.theme], null), r.updated_at, r.hidden, a.demo
from remark r join atelier a on a.territoire = r.territoire and a.id = r.atelier
where not r.deleted
union all
select f.territoire, 'finding', f.id, f.atelier, c.champ, c.texte, f.quartier, '', f.themes, f.updated_at, false, a.demo
from finding f join atelier a on a.territoire = f.territoire and a.id = f.atelier
cross join lateral (values ('titre', f.titre), ('detail', f.detail)) c (champ, texte)
where not f.withdrawn and c.texte <> ''
union all
select x.territoire, 'action', x.id, x.atelier, c.champ, c.texte, x.quartier, '', '{}', x.updated_at, false, x.demo
from action x
cross join lateral (values ('titre', x.titre), ('detail', x.detail)) c (champ, texte)
where c.texte <> ''
union all
select x.territoire, 'action', x.id, x.atelier, c.champ, c.texte, x.quartier, '', '{}', min(e.at), false, x.demo
from action_event e join action x on x.territoire = e.territoire and x.id = e.action
cross join lateral (values ('reason', e.reason), ('proof', e.proof)) c (champ, texte)
where c.texte <> ''
group by x.territoire, x.id, x.atelier, c.champ, c.texte, x.quartier, x.demo;
comment on view texte_libre is 'Every free text that somebody other than its author may come to read, with the object it belongs to. What may be shown of it, moderation says.';
alter table moderation drop constraint moderation_objet_check, drop constraint moderation_champ_check;
alter table moderation
    add constraint moderation_objet_check check (objet in ('marker', 'signalement', 'remark', 'finding', 'action')),
    add constraint moderation_champ_check check (champ in ('', 'note', 'subtheme', 'texte', 'titre', 'detail', 'reason', 'proof'));
