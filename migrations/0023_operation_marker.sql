-- +goose Up
-- The log of a room is read by number or by identifier; only an erasure asks for a
-- marker, once, and reads a log of some thousand lines for it. The index cost every
-- operation.
drop index operation_marker;

-- +goose Down
create index operation_marker on operation (territoire, atelier, marker, seq);
