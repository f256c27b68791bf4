insert into conservation (territoire, text_months, position_months, contact_months)
values (@territoire, @text_months, @position_months, @contact_months)
on conflict (territoire) do update set text_months = excluded.text_months, position_months = excluded.position_months,
    contact_months = excluded.contact_months, updated_at = now()
