-- Distinct people per quartier: those who sat down in its ateliers and what
-- they said, those who reported.
select q.code as quartier,
       coalesce(e.participants, 0)::int as participants,
       coalesce(v.unsafe, 0)::int as unsafe,
       coalesce(v.safe, 0)::int as safe,
       coalesce(v.avoids, 0)::int as avoids,
       coalesce(r.reporters, 0)::int as reporters,
       coalesce(r.anonymous, 0)::int as anonymous,
       coalesce(r.reports, 0)::int as reports
from quartier q
left join (
    select a.quartier, count(*) as participants
    from atelier a
    join participant p on p.territoire = a.territoire and p.atelier = a.id
    where a.territoire = @territoire and a.state <> 'prepared' and a.starts_at >= @from and a.starts_at < @until
    group by a.quartier
) e on e.quartier = q.code
left join (
    select m.quartier,
           count(distinct m.participant) filter (where m.felt = 'unsafe') as unsafe,
           count(distinct m.participant) filter (where m.felt = 'safe') as safe,
           count(distinct m.participant) filter (where m.avoids) as avoids
    from marker m
    join atelier a on a.territoire = m.territoire and a.id = m.atelier
    where m.territoire = @territoire and not m.deleted and not m.hidden
      and a.starts_at >= @from and a.starts_at < @until
      and a.quartier = m.quartier
    group by m.quartier
) v on v.quartier = q.code
left join (
    select s.quartier, count(distinct s.reporter) as reporters,
           count(*) filter (where s.reporter is null) as anonymous, count(*) as reports
    from signalement s
    where s.territoire = @territoire and not s.hidden
      and s.occurred_from >= @from and s.occurred_from < @until
    group by s.quartier
) r on r.quartier = q.code
where q.territoire = @territoire
order by q.code collate "C"
