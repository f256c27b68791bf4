insert into compte_secours (territoire, compte, digest) values (@territoire, @compte, @digest)
