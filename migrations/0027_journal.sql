-- +goose Up

-- What is only added to has a schema of its own, so that an administrator of the
-- database can give it to a role of its own (seal.go): the service then adds to it
-- and reads it, and nothing else. Once that is done a migration can no longer change
-- these tables; what must change goes to seal.go.
create schema journal;
comment on schema journal is 'Who read what, and who came in: only added to, and emptied of what is past its time by oublier.';

alter table consultation set schema journal;
comment on table journal.consultation is 'Access log: each reading of precise points, raw texts, contacts or markers of a room by staff. Rows are added, never changed.';
comment on column journal.consultation.objet is 'What was read: signalements, textes, contacts, reperes.';

create table journal.connexion (
    territoire  text not null references public.territoire,
    id          uuid not null default gen_random_uuid(),
    at          timestamptz not null default clock_timestamp(),
    evenement   text not null,
    compte      uuid,
    nom         text not null default '',
    role        text not null default '',
    par         uuid,
    par_nom     text not null default '',
    origine     text not null default '',
    appareil    text not null default '',
    details     jsonb not null default '{}',
    primary key (territoire, id)
);
create index connexion_at on journal.connexion (territoire, at desc, id desc);
comment on table journal.connexion is 'Who came in, who did not, and what changed about accounts and tokens. Rows are added, never changed.';
comment on column journal.connexion.evenement is 'What happened: connexion, connexion_refusee, role_change… (server/atelier).';
comment on column journal.connexion.compte is 'Account that it is about; null for a machine''s token, and for an address that has no account, which is not kept.';
comment on column journal.connexion.nom is 'Name of the account at the time, or the label of the token; empty for none.';
comment on column journal.connexion.role is 'Role of the account at the time.';
comment on column journal.connexion.par is 'Account of whoever did it, when that is somebody else.';
comment on column journal.connexion.par_nom is 'Name of whoever did it at the time; empty for the person themselves.';
comment on column journal.connexion.origine is 'Pseudonym of the network address: the same one for the same address, and nothing of it.';
comment on column journal.connexion.appareil is 'Browser and system.';
comment on column journal.connexion.details is 'What it was before and after, or the route that was refused.';

alter table purge
    add column journal_past integer not null default 0,
    add column journal_total integer not null default 0;
comment on column purge.journal_past is 'Lines of the logs of readings and sign-ins; 0 of 0 before they were purged.';

-- Nothing else deletes from the logs, and it cannot be told to delete what is recent.
create function journal.oublier(commune text) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$
        with consultations as (
            delete from journal.consultation where territoire = commune and at < clock_timestamp() - interval '12 months' returning 1
        ), connexions as (
            delete from journal.connexion where territoire = commune and at < clock_timestamp() - interval '12 months' returning 1
        )
        select (select count(*) from consultations) + (select count(*) from connexions)
    $$;
revoke all on function journal.oublier(text) from public;
comment on function journal.oublier is 'Deletes the lines of a territoire that are older than twelve months; says how many.';

-- Until an administrator has sealed them: the owner has what oublier needs, and
-- denies itself the rest.
revoke update, truncate on journal.connexion from current_user;
grant delete on journal.consultation to current_user;

-- +goose Down
drop function journal.oublier;
alter table purge drop column journal_past, drop column journal_total;
drop table journal.connexion;
alter table journal.consultation set schema public;
drop schema journal;
