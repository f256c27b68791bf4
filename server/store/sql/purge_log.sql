-- The entries of markers keep their number and nothing else.
update operation set kind = 'forgotten', marker = null, participant = null, numero = null, role = '', body = '{}', digest = '', offset_s = null
where territoire = @territoire and atelier = @atelier
  and kind not in ('step', 'step_close', 'table_open', 'table_close', 'share', 'freeze', 'findings', 'erase', 'forgotten')
