-- Rows that hold what has a retention, and those of them that are past it.
select
    (select count(*) from marker m where m.territoire = @territoire and m.note is not null)::int as marker_texts,
    (select count(*) from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
      where m.territoire = @territoire and m.note is not null and a.closes_at < @text)::int as marker_texts_past,
    (select count(*) from remark where territoire = @territoire)::int as remarks,
    (select count(*) from remark r join atelier a on a.territoire = r.territoire and a.id = r.atelier
      where r.territoire = @territoire and a.closes_at < @text)::int as remarks_past,
    (select count(*) from signalement where territoire = @territoire and (note is not null or origin = 'habitant' and subtheme is not null))::int as signalement_texts,
    (select count(*) from signalement where territoire = @territoire and (note is not null or origin = 'habitant' and subtheme is not null)
        and received_at < @text)::int as signalement_texts_past,
    (select count(*) from marker where territoire = @territoire and not coarse)::int as marker_positions,
    (select count(*) from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
      where m.territoire = @territoire and not m.coarse and a.closes_at < @position)::int as marker_positions_past,
    (select count(*) from signalement where territoire = @territoire and not coarse)::int as signalement_positions,
    (select count(*) from signalement where territoire = @territoire and not coarse and received_at < @position)::int as signalement_positions_past,
    (select count(*) from atelier where territoire = @territoire)::int as logs,
    (select count(*) from atelier a where a.territoire = @territoire and a.closes_at < @position
        and (exists (select 1 from operation o where o.territoire = a.territoire and o.atelier = a.id
                     and o.kind not in ('step', 'step_close', 'table_open', 'table_close', 'share', 'freeze', 'findings', 'erase', 'forgotten'))
             or exists (select from participant_link l where l.territoire = a.territoire and l.atelier = a.id)
             or exists (select from late_operation l where l.territoire = a.territoire and l.atelier = a.id)))::int as logs_past
