-- With what is still counted: who reads the log sees a try at once.
(select id, territoire, at, evenement, coalesce(compte, '00000000-0000-0000-0000-000000000000') as compte, nom, role,
        coalesce(par, '00000000-0000-0000-0000-000000000000') as par, par_nom, origine, appareil, details
   from journal.connexion
  where territoire = @territoire and (@evenement::text = '' or evenement = @evenement)
    and at >= @from and at < @to
  order by at desc, id desc limit @limit)
union all
select md5(concat_ws('/', territoire, heure, raison, fournisseur, origine))::uuid, territoire, dernier, @counted::text,
       '00000000-0000-0000-0000-000000000000'::uuid, '', '', '00000000-0000-0000-0000-000000000000'::uuid, '', origine, '',
       jsonb_strip_nulls(jsonb_build_object('raison', raison, 'fournisseur', nullif(fournisseur, ''),
           'essais', essais::text, 'heure', to_char(heure at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
  from acces_inconnu
 where territoire = @territoire and @evenement::text in ('', @counted::text) and dernier >= @from and dernier < @to
order by at desc, id desc limit @limit
