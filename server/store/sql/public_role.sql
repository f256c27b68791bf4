select current_user::text as role
