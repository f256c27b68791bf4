-- A step that was used is not used again, whichever node is asked.
update compte set totp_step = @step, totp_at = coalesce(totp_at, clock_timestamp())
 where territoire = @territoire and id = @id and totp_step < @step
