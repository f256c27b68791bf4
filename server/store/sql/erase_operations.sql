-- An entry keeps its number, its time and the identifier by which it would be
-- sent again: it says no longer who, what or where.
update operation set kind = 'forgotten', marker = null, participant = null, numero = null, role = '', body = '{}', digest = '', offset_s = null
where territoire = @territoire and atelier = @atelier
  and (participant = @participant or marker = any (@ids::uuid[]))
