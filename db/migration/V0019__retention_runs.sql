-- Undo of whole runs, turns for those that are open, and a bound of what is kept of those that have ended.

ALTER TABLE retention_run
    DROP CONSTRAINT retention_run_kind_check,
    ADD CONSTRAINT retention_run_kind_check CHECK (kind IN ('preview', 'run', 'undo')),
    DROP CONSTRAINT retention_run_state_check,
    ADD CONSTRAINT retention_run_state_check CHECK (state IN
        ('repositories', 'tags', 'manifests', 'bytes', 'deleting-tags', 'deleting-manifests', 'undoing', 'done', 'failed',
            'withdrawn')),
    -- Which run an undo undoes, and the group of its events.
    ADD COLUMN undoes uuid,
    ADD COLUMN undoes_group uuid,
    ADD COLUMN why text,
    -- Who has waited longest is next.
    ADD COLUMN taken_at timestamptz NOT NULL DEFAULT now(),
    -- Newer ones are kept in its place, or it is old: its decisions go, and it with them if it took nothing away.
    ADD COLUMN superseded_at timestamptz,
    ADD COLUMN decisions_removed_at timestamptz,
    ADD CONSTRAINT retention_run_undoes CHECK (num_nonnulls(undoes, undoes_group) = CASE WHEN kind = 'undo' THEN 2 ELSE 0 END);

UPDATE retention_run
SET superseded_at = now()
FROM (
    SELECT organization_id, id, kind,
        row_number() OVER (PARTITION BY organization_id, repository_id, kind ORDER BY started_at DESC, id DESC) AS newer
    FROM retention_run) ranked
WHERE retention_run.organization_id = ranked.organization_id AND retention_run.id = ranked.id
    AND retention_run.finished_at IS NOT NULL AND ranked.newer > CASE ranked.kind WHEN 'preview' THEN 10 ELSE 30 END;

-- A run and an undo of one policy would work against each other.
DROP INDEX retention_run_open;
CREATE UNIQUE INDEX retention_run_open ON retention_run (organization_id, repository_id) NULLS NOT DISTINCT
    WHERE kind IN ('run', 'undo') AND finished_at IS NULL;
DROP INDEX retention_run_unfinished;
CREATE INDEX retention_run_unfinished ON retention_run (taken_at) WHERE finished_at IS NULL;
DROP INDEX retention_run_finished;
CREATE INDEX retention_run_finished ON retention_run (kind, finished_at)
    WHERE finished_at IS NOT NULL AND superseded_at IS NULL;
CREATE INDEX retention_run_superseded ON retention_run (superseded_at)
    WHERE superseded_at IS NOT NULL AND decisions_removed_at IS NULL;
CREATE INDEX retention_run_bare ON retention_run (finished_at) WHERE decisions_removed_at IS NOT NULL;
CREATE INDEX retention_run_group ON retention_run (organization_id, group_id);

-- Events of a group page by page.
DROP INDEX event_group;
CREATE INDEX event_group ON event (group_id, id);
