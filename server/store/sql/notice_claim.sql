-- Whoever claimed it ten minutes ago and has not sent it is gone.
insert into notice as n (territoire, kind, objet, recipient, cause)
values (@territoire, @kind, @objet, @recipient, @cause)
on conflict (territoire, kind, objet, recipient, cause) do update set claimed_at = clock_timestamp()
where n.sent_at is null and n.claimed_at < clock_timestamp() - interval '10 minutes'
