select coalesce(
    (select least(@burst::real, tokens + extract(epoch from clock_timestamp() - updated_at)::real * @per_second::real)
       from rate_bucket where key = @key), @burst::real) as tokens
