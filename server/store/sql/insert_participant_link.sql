insert into participant_link (territoire, atelier, code, participant, expires_at)
values (@territoire, @atelier, @code, @participant, clock_timestamp() + interval '10 minutes')
returning expires_at
