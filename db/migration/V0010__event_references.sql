-- What the outside calls an event: its id would let tenants count each other's events. And which event an undo undid.

ALTER TABLE event
    ADD COLUMN reference uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN undoes bigint;

CREATE UNIQUE INDEX event_reference ON event (organization_id, reference);
CREATE INDEX event_undone ON event (undoes) WHERE undoes IS NOT NULL;
