-- Nobody's device can be tied to a participant any more.
with links as (
    delete from participant_link where territoire = @territoire and atelier = @atelier
),
late as (
    delete from late_operation where territoire = @territoire and atelier = @atelier
)
update atelier set participant_key = decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
where territoire = @territoire and id = @atelier
