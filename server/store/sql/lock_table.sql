-- Orders arrivals at a table. It is a statement of its own, so that the next
-- one takes its snapshot once the lock is held.
select numero from atelier_table
where territoire = @territoire and atelier = @atelier and numero = @numero
for update
