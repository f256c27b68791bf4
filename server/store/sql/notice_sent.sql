update notice set sent_at = clock_timestamp()
where territoire = @territoire and kind = @kind and objet = @objet and recipient = @recipient and cause = @cause
