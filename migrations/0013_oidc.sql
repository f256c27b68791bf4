-- +goose Up

create table oidc_attempt (
    digest      bytea primary key,
    state       text not null,
    nonce       text not null,
    verifier    text not null,
    back        text not null check (char_length(back) <= 512),
    expires_at  timestamptz not null
);
comment on table oidc_attempt is 'Somebody has gone to the identity provider to sign in and is not back yet. Whose territoire that is, only the answer tells.';
comment on column oidc_attempt.digest is 'SHA-256 of the cookie by which the browser is known again.';
comment on column oidc_attempt.state is 'Word that the provider brings back in the address.';
comment on column oidc_attempt.nonce is 'Word that the provider brings back inside the signed answer.';
comment on column oidc_attempt.verifier is 'Proof key of the code (PKCE); empty where the provider wants none.';
comment on column oidc_attempt.back is 'Page that was asked for; empty for none.';
comment on column oidc_attempt.expires_at is 'End; an attempt is used once.';

-- +goose Down
drop table oidc_attempt;
