select count(*)::int as n from compte where disabled_at is null and (@demo::boolean or not demo)
