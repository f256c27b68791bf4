-- +goose Up

-- Whatever somebody writes and somebody else reads waits to be read: what tables
-- say, and what the authorities write about it.
alter table moderation drop constraint moderation_objet_check, drop constraint moderation_champ_check;
alter table moderation
    add constraint moderation_objet_check check (objet in ('marker', 'signalement', 'remark', 'finding', 'action')),
    add constraint moderation_champ_check check (champ in ('', 'note', 'subtheme', 'texte', 'titre', 'detail', 'reason', 'proof'));
comment on table moderation is 'Decisions about texts and about what is shown: append-only; of a text, the newest one about those very words holds.';
comment on column moderation.champ is 'The text decided about; empty for the object as a whole. Of an action, reason and proof may be those of any of its changes of state.';
comment on column moderation.texte is 'What is shown in place of the text; null when nothing is, when the text stands for itself, and once the retention of texts has passed.';
comment on column moderation.role is 'Role of who decided; service when the words of staff held nothing that may say who somebody is.';

-- Every free text that somebody other than its author may come to read, once.
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
-- The same words said twice of an action are one text.
select x.territoire, 'action', x.id, x.atelier, c.champ, c.texte, x.quartier, '', '{}', min(e.at), false, x.demo
from action_event e join action x on x.territoire = e.territoire and x.id = e.action
cross join lateral (values ('reason', e.reason), ('proof', e.proof)) c (champ, texte)
where c.texte <> ''
group by x.territoire, x.id, x.atelier, c.champ, c.texte, x.quartier, x.demo;
comment on view texte_libre is 'Every free text that somebody other than its author may come to read, with the object it belongs to. What may be shown of it, moderation says.';
comment on column texte_libre.atelier is 'Room of the object; null when it has none.';
comment on column texte_libre.hidden is 'The object as a whole is out of maps, lists and counts.';

-- +goose Down
drop view texte_libre;
delete from moderation where objet in ('remark', 'action') or champ in ('titre', 'detail', 'reason', 'proof');
alter table moderation drop constraint moderation_objet_check, drop constraint moderation_champ_check;
alter table moderation
    add constraint moderation_objet_check check (objet in ('marker', 'signalement', 'finding')),
    add constraint moderation_champ_check check (champ in ('', 'note', 'subtheme', 'texte'));
