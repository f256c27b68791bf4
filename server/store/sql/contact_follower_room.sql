select (select count(*) from participant p where p.territoire = @territoire and p.atelier = @atelier and p.numero = @numero)::int as seats,
       (select count(*) from contact.follower f where f.territoire = @territoire and f.atelier = @atelier and f.numero = @numero)::int as followers
