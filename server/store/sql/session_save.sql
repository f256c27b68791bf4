insert into session (territoire, digest, compte, data, appareil, expires_at)
values (@territoire, @digest, @compte, @data, @appareil, @expires_at)
on conflict (territoire, digest) do update set
    data = excluded.data, seen_at = clock_timestamp(), expires_at = excluded.expires_at
