-- An address is one account in all territoires, which no index led by
-- territoire can hold.
select pg_advisory_xact_lock(hashtextextended(lower(@email), 4))
