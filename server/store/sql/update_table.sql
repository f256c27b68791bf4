update atelier_table set is_open = @is_open
where territoire = @territoire and atelier = @atelier and numero = @numero
