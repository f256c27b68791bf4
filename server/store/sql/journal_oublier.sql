select journal.oublier(@territoire) as n
