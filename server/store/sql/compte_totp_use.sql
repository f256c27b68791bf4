-- A step that was used is not used again, whichever node is asked.
update compte set totp_step = @step
 where territoire = @territoire and id = @id and totp_at is not null and totp_step < @step
