select pg_notify('quietude_room', @payload)
