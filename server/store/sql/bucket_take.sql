insert into rate_bucket as b (key, tokens) values (@key, @burst::real - 1)
on conflict (key) do update set
    tokens = greatest(-@burst::real,
             least(@burst::real, b.tokens + extract(epoch from clock_timestamp() - b.updated_at)::real * @per_second::real) - 1),
    updated_at = clock_timestamp()
