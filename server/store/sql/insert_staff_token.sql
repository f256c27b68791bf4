insert into staff_token (territoire, digest, role, label, demo)
values (@territoire, @digest, @role, @label, @demo)
