-- Another key takes the place of the one that made pseudonyms and tokens: an
-- empty one would be known to everybody.
update atelier set participant_key = decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
where territoire = @territoire and id = any (@ateliers)
