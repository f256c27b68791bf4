select (select count(*) from marker
         where territoire = @territoire and not deleted and not hidden)::int as markers,
       (select count(*) from signalement
         where territoire = @territoire and not hidden)::int as signalements
