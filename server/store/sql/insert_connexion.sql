insert into journal.connexion (territoire, evenement, compte, nom, role, par, par_nom, origine, appareil, details)
select @territoire, @evenement::text, @compte::uuid, @nom::text, @role, @par, @par_nom, @origine::text, @appareil, @details::jsonb
where @quiet::double precision = 0
   or not exists (select 1 from journal.connexion c
                   where c.territoire = @territoire and c.at > clock_timestamp() - make_interval(secs => @quiet::double precision)
                     and c.evenement = @evenement::text and c.compte is not distinct from @compte::uuid and c.nom = @nom::text
                     and c.origine = @origine::text and c.details = @details::jsonb)
