insert into signalement (territoire, id, quartier, geom, cell, theme, subtheme, nature, occurred_from, occurred_to,
                         frequency, since, place, severity, avoids, approached, note, reporter, origin, digest, receipt, demo)
values (@territoire, @id, @quartier, @geom, @cell, @theme, nullif(@subtheme, ''), nullif(@nature, ''),
        @occurred_from, @occurred_to, nullif(@frequency, ''), nullif(@since, ''), nullif(@place, ''),
        nullif(@severity::int, 0), @avoids, @approached, nullif(@note, ''), @reporter, @origin, @digest, @receipt, @demo)
on conflict (territoire, id) do nothing
