insert into territoire as t (territoire, nom, fuseau, emprise)
values (@territoire, @nom, @fuseau, @emprise)
on conflict (territoire) do update set nom = excluded.nom, fuseau = excluded.fuseau, emprise = excluded.emprise
where (t.nom, t.fuseau) is distinct from (excluded.nom, excluded.fuseau)
   or not t.emprise ~= excluded.emprise
