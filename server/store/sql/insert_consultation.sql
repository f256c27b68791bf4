insert into journal.consultation (territoire, compte, nom, role, objet, finalite, elements, details)
values (@territoire, @compte, @nom, @role, @objet, @finalite, @elements, @details)
