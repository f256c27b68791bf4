insert into slide (territoire, atelier, rang, kind, theme, moment, from_day, to_day, numero, indicateur)
values (@territoire, @atelier, @rang, @kind, nullif(@theme, ''), nullif(@moment, ''), nullif(@from_day, '')::date, nullif(@to_day, '')::date,
        nullif(@numero::integer, 0), nullif(@indicateur, ''))
