delete from signalement where territoire = @territoire and receipt = @receipt returning id
