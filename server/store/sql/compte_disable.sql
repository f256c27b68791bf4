update compte set disabled_at = case when @disabled::boolean then coalesce(disabled_at, clock_timestamp()) end
 where territoire = @territoire and id = @id
