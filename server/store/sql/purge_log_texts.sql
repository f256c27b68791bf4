-- The log keeps what was drawn and when, without the words; an entry that was
-- nothing but words keeps its number. The digest would allow to guess them.
with past as materialized (
    select o.territoire, o.atelier, o.seq
    from operation o join atelier a on a.territoire = o.territoire and a.id = o.atelier
    where o.territoire = @territoire and a.closes_at < @text 
      and (o.body #> '{attributes,note}' is not null or o.kind like 'remark%')
    order by o.atelier, o.seq
    limit @limit
    for no key update of o skip locked
)
update operation o set
    body = case when o.kind like 'remark%' then '{}' else o.body #- '{attributes,note}' end,
    kind = case when o.kind like 'remark%' then 'forgotten' else o.kind end, digest = ''
from past p
where o.territoire = p.territoire and o.atelier = p.atelier and o.seq = p.seq
