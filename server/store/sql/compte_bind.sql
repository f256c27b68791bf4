update compte set oidc_issuer = @issuer, oidc_subject = @subject
 where territoire = @territoire and id = @id and oidc_subject is null and disabled_at is null
