delete from oidc_attempt where expires_at < clock_timestamp()
