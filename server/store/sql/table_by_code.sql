select territoire, atelier, numero from atelier_table where code = @code
