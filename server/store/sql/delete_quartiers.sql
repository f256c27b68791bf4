delete from quartier where territoire = @territoire and code = any (@codes::text[])
