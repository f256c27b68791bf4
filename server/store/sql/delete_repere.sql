delete from repere where territoire = @territoire
