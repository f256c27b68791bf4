insert into edition (territoire, quartier, numero, resolution)
values (@territoire, @quartier, @numero, @resolution)
