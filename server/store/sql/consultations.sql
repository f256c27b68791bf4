select id, at, nom, role, objet, finalite, elements, details from journal.consultation
 where territoire = @territoire
   and (@role::text = '' or role = @role) and (@finalite::text = '' or finalite = @finalite)
   and at >= @from and at < @to
 order by at desc, id desc limit @limit
