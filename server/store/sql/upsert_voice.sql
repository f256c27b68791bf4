insert into action_voice (territoire, action, atelier, follower, done_on, better)
values (@territoire, @action, @atelier, @follower, @done_on, @better)
on conflict (territoire, action, follower) do update
set done_on = excluded.done_on, better = excluded.better, at = clock_timestamp()
