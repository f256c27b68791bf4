insert into publication.edition (territoire, quartier, numero, canonical, hash, demo, published_on)
values (@territoire, @quartier, @numero, @canonical, @hash, @demo, @published_on)
