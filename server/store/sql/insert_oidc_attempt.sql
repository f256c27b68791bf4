insert into oidc_attempt (digest, state, nonce, verifier, back, expires_at)
values (@digest, @state, @nonce, @verifier, @back, clock_timestamp() + interval '10 minutes')
