select id, territoire, at, evenement, coalesce(compte, '00000000-0000-0000-0000-000000000000') as compte, nom, role,
       coalesce(par, '00000000-0000-0000-0000-000000000000') as par, par_nom, origine, appareil, details
  from journal.connexion
 where territoire = @territoire and (@evenement::text = '' or evenement = @evenement)
   and at >= @from and at < @to
 order by at desc, id desc limit @limit
