-- Deleted as it is read: whatever comes of it, it was the only try.
delete from oidc_attempt where digest = @digest and expires_at > clock_timestamp() returning state, nonce, verifier, back
