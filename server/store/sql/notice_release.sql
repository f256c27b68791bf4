delete from notice
where territoire = @territoire and kind = @kind and objet = @objet and recipient = @recipient and cause = @cause and sent_at is null
