-- Codes of second devices go with the participant.
delete from participant where territoire = @territoire and atelier = @atelier and id = @participant
