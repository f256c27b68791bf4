-- Invitations go with their reporter.
delete from contact.reporter where territoire = @territoire and agreed_at < @before
