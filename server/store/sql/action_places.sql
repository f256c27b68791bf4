select a.id as action, coalesce(f.at, m.at) as at, case when f.at is null then 'markers' else 'findings' end as "of"
from action a
left join lateral (
    select st_centroid(st_collect(st_centroid(x.geom))) as at
    from action_finding l join finding x on x.territoire = l.territoire and x.id = l.finding
    where l.territoire = a.territoire and l.action = a.id and x.geom is not null and not x.withdrawn
) f on true
left join lateral (
    select st_centroid(st_collect(x.anchor)) as at
    from action_marker l join marker x on x.territoire = l.territoire and x.atelier = l.atelier and x.id = l.marker
    where l.territoire = a.territoire and l.action = a.id and not x.deleted and not x.hidden
) m on true
where a.territoire = @territoire and a.geom is null and coalesce(f.at, m.at) is not null
