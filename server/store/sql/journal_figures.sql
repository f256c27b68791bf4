-- The function journal.oublier has the same twelve months.
select count(*)::int as total, (count(*) filter (where at < clock_timestamp() - interval '12 months'))::int as past
from (select at from journal.consultation where territoire = @territoire
      union all
      select at from journal.connexion where territoire = @territoire) all_lines
