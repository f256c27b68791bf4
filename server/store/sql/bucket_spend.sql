-- In one statement, so that requests at once cannot spend the same token. A
-- bucket that holds none is left as it is, and no row comes back.
insert into rate_bucket as b (key, tokens) values (@key, @burst::real - 1)
on conflict (key) do update set
    tokens = least(@burst::real, b.tokens + extract(epoch from clock_timestamp() - b.updated_at)::real * @per_second::real) - 1,
    updated_at = clock_timestamp()
 where least(@burst::real, b.tokens + extract(epoch from clock_timestamp() - b.updated_at)::real * @per_second::real) >= 1
