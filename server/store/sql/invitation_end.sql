-- A new link of a kind replaces the older ones for the same person.
update invitation set used_at = clock_timestamp()
 where territoire = @territoire and used_at is null and compte is not distinct from @compte::uuid
   and (kind = 'premier') = (@compte::uuid is null)
