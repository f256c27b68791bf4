-- A control character cannot be in a name that was accepted.
update quartier set nom = chr(1) || code where territoire = @territoire
