-- Names that a person may share with a street or a building.
select nom from voie where territoire = @territoire
union
select nom from repere where territoire = @territoire
union
select nom from quartier where territoire = @territoire
union
select nom from voirie where territoire = @territoire and nom is not null
