select text_months, position_months, contact_months from conservation where territoire = @territoire
