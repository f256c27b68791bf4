-- The row lock orders those who change one action.
select version
from action
where territoire = @territoire and id = @id
for update
