-- +goose Up

alter table compte
    add column organisation uuid,
    add constraint compte_organisation_fkey foreign key (territoire, organisation) references organisation (territoire, id);
create index compte_organisation on compte (territoire, organisation) where organisation is not null;
comment on column compte.organisation is 'Whom the person answers for: a bailleur''s account reads and updates the actions of this organisation only. Null for none.';

alter table staff_token
    add column organisation uuid,
    add constraint staff_token_organisation_fkey foreign key (territoire, organisation) references organisation (territoire, id);
create index staff_token_organisation on staff_token (territoire, organisation) where organisation is not null;
comment on column staff_token.organisation is 'As in compte, for a token of the demonstration; null for none.';

-- +goose Down
alter table staff_token drop column organisation;
alter table compte drop column organisation;
