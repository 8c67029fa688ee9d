-- How long what an organization deletes or overwrites can be brought back, and its history as one list.

ALTER TABLE organization
    -- NULL: as long as the registry's setting says.
    ADD COLUMN undo_window_seconds bigint CHECK (undo_window_seconds BETWEEN 86400 AND 31536000);

CREATE INDEX event_organization ON event (organization_id, id);
