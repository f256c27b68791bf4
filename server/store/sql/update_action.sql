update action set
    code = @code, titre = @titre, detail = @detail, state = @state, reason = @reason, pilote = @pilote,
    echeance = @echeance, done_on = @done_on, geom = @geom, proof = @proof, proof_url = @proof_url,
    version = version + 1, updated_at = clock_timestamp()
where territoire = @territoire and id = @id and version = @base
