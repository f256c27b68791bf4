-- Like purge_figures.sql, of addresses alone.
select
    ((select count(*) from contact.reporter where territoire = @territoire)
        + (select count(*) from contact.follower where territoire = @territoire))::int as contacts,
    ((select count(*) from contact.reporter where territoire = @territoire and agreed_at < @contact)
        + (select count(*) from contact.follower where territoire = @territoire and created_at < @contact))::int as contacts_past
