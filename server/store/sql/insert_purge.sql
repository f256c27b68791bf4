insert into purge (territoire, at, texts_past, texts_total, positions_past, positions_total, logs_past, logs_total, contacts_past, contacts_total, journal_past, journal_total)
values (@territoire, @now, @texts_past, @texts_total, @positions_past, @positions_total, @logs_past, @logs_total, @contacts_past, @contacts_total, @journal_past, @journal_total)
