with known as (
    select rang from participant
    where territoire = @territoire and atelier = @atelier and id = @id
),
added as (
    insert into participant (territoire, atelier, id, numero, rang)
    select @territoire, @atelier, @id, @numero,
           1 + coalesce((select max(rang) from participant
                          where territoire = @territoire and atelier = @atelier and numero = @numero), 0)
    where not exists (select 1 from known)
    returning rang
)
select rang::int from known union all select rang::int from added
