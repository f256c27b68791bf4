insert into action (territoire, id, quartier, atelier, code, titre, detail, state, reason, pilote, echeance, done_on, geom, proof, proof_url, demo)
values (@territoire, @id, @quartier, @atelier, @code, @titre, @detail, @state, @reason, @pilote, @echeance, @done_on, @geom, @proof, @proof_url, @demo)
on conflict (territoire, id) do nothing
