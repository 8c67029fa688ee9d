package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * A registry that has been used for years: 10,000 repositories, one of which holds 100,000 tags and 20,000 manifests.
 *
 * <p>In it every manifest but the referrers has the same base layer, every tenth is hidden, and one has 1,000 referrers.
 * The base layer is linked in every repository. Another organization has 5,000 repositories with four images each.
 */
final class LargeData {

    static final String REPOSITORY = "org00/r00000";
    static final int TAGS = 100_000;

    static final Digest BASE_LAYER = digest("base layer");
    static final Digest SUBJECT = digest("manifest 1");
    static final Digest CHILD = digest("manifest 2");

    // Filling needs no guard, for what refers to what is right by its making, and no log.
    private static final List<String> FILL = List.of(
            "ALTER TABLE repository_blob DROP CONSTRAINT repository_blob_digest_fkey",
            "ALTER TABLE repository_blob DROP CONSTRAINT repository_blob_organization_id_repository_id_fkey",
            "ALTER TABLE manifest DROP CONSTRAINT manifest_organization_id_repository_id_fkey",
            "ALTER TABLE manifest_blob DROP CONSTRAINT manifest_blob_organization_id_repository_id_manifest_diges_fkey",
            "ALTER TABLE manifest_blob DROP CONSTRAINT manifest_blob_organization_id_repository_id_blob_digest_fkey",
            "ALTER TABLE manifest_child DROP CONSTRAINT manifest_child_organization_id_repository_id_manifest_dige_fkey",
            "ALTER TABLE manifest_child DROP CONSTRAINT manifest_child_organization_id_repository_id_child_digest_fkey",
            "ALTER TABLE manifest_pull DROP CONSTRAINT manifest_pull_organization_id_repository_id_digest_fkey",
            "ALTER TABLE tag DROP CONSTRAINT tag_organization_id_repository_id_manifest_digest_fkey",
            "ALTER TABLE blob SET UNLOGGED",
            "ALTER TABLE repository_blob SET UNLOGGED",
            "ALTER TABLE manifest SET UNLOGGED",
            "ALTER TABLE manifest_blob SET UNLOGGED",
            "ALTER TABLE tag SET UNLOGGED",
            "INSERT INTO organization (id, name) SELECT 1 + i, 'org' || lpad(i::text, 2, '0') FROM generate_series(0, 99) i",
            """
            INSERT INTO organization (id, name, deleted_at, restorable_until)
            SELECT 100000 + i, 'hidden' || i, now(), now() + interval '7 days'
            FROM generate_series(1, 2000) i
            """,
            """
            INSERT INTO repository (id, organization_id, name, visibility, listed_at)
            SELECT 1 + i, 1 + i % 100, 'org' || lpad((i % 100)::text, 2, '0') || '/r' || lpad(i::text, 5, '0'), 'private', now()
            FROM generate_series(0, 9999) i
            """,
            """
            INSERT INTO blob (digest, size, storage_key)
            SELECT DIGEST('blob ' || i), 1000, KEY('b' || i)
            FROM generate_series(1, 200000) i
            UNION ALL SELECT DIGEST('base layer'), 1000, KEY('base')
            """,
            """
            INSERT INTO repository_blob (organization_id, repository_id, digest, linked_at, in_public)
            SELECT 1 + r % 100, 1 + r, DIGEST('blob ' || i), now() - (220000 - i) * interval '1 minute', i % 20 = 0
            FROM (SELECT i, CASE WHEN i <= 20000 THEN 0 ELSE i % 10000 END AS r FROM generate_series(1, 200000) i) many
            UNION ALL
            SELECT organization_id, id, DIGEST('base layer'), now() - (10000 - id) * interval '1 minute', false
            FROM repository
            """,
            """
            INSERT INTO manifest (organization_id, repository_id, digest, media_type, artifact_type, subject_digest,
                payload, size, annotations, total_size, deleted_at)
            SELECT 1, 1, DIGEST('manifest ' || i), 'application/vnd.oci.image.manifest.v1+json',
                CASE WHEN i <= 19000 THEN NULL WHEN i % 50 = 0 THEN 'test/signature' ELSE 'test/report' END,
                CASE WHEN i > 19000 THEN DIGEST('manifest 1') END,
                convert_to(rpad('{', 500), 'UTF8'), 500, '{"name":"value"}', 3000,
                CASE WHEN i % 10 = 3 THEN now() END
            FROM generate_series(1, 20000) i
            """,
            """
            INSERT INTO manifest_pull (organization_id, repository_id, digest, pulls, last_pulled_at)
            SELECT organization_id, repository_id, digest, 7, now() FROM manifest
            """,
            """
            INSERT INTO manifest_blob (organization_id, repository_id, manifest_digest, blob_digest)
            SELECT 1, 1, DIGEST('manifest ' || i), DIGEST(name)
            FROM generate_series(1, 19000) i, LATERAL (VALUES ('base layer'), ('blob ' || i)) blobs (name)
            """,
            """
            INSERT INTO manifest_child (organization_id, repository_id, manifest_digest, child_digest)
            SELECT 1, 1, DIGEST('manifest ' || i), DIGEST('manifest 2')
            FROM generate_series(10000, 19000) i
            """,
            """
            INSERT INTO tag (organization_id, repository_id, name, manifest_digest, pushed_at, total_size)
            SELECT 1, 1, 't' || lpad(i::text, 6, '0'), DIGEST('manifest ' || (1 + i % 20000)),
                '2026-01-01Z'::timestamptz + i * interval '1 minute', 3000 + i % 1000
            FROM (SELECT i FROM generate_series(0, 99999) i ORDER BY md5(i::text)) shuffled
            """,
            """
            INSERT INTO event (group_id, organization_id, repository_id, kind, tag, to_digest, actor, address, client)
            SELECT md5(i::text)::uuid, 1, 1, 'tag_moved', 't' || lpad((i % 50)::text, 6, '0'), DIGEST('manifest ' || i),
                'tester', '192.0.2.7', 'test'
            FROM generate_series(1, 20000) i
            """,
            """
            INSERT INTO webhook (id, organization_id, name, url, format, kinds, secret)
            SELECT 1 + (o * 20 + i), 1 + o, 'w' || i, 'https://ci.example', 'cloudevents',
                '{tag_created,tag_moved,manifest_pushed}', ''
            FROM generate_series(0, 50) o, generate_series(0, 19) i
            """,
            """
            INSERT INTO upload (id, organization_id, repository_id, account, algorithm, storage_key, expires_at)
            SELECT md5(i::text)::uuid, 1 + i % 100, 1 + i, 'tester', 'sha256', KEY('u' || i),
                now() + (9000 - i) * interval '1 minute'
            FROM generate_series(0, 9999) i
            """,
            """
            INSERT INTO upload_object (storage_key, upload_id, size)
            SELECT KEY('o' || i), md5((i % 10000)::text)::uuid, 1
            FROM generate_series(0, 19999) i
            """,
            """
            INSERT INTO small_object (storage_key, bytes)
            SELECT 'rows/00000000-0000-0000-0000-' || lpad(i::text, 12, '0'), 'bytes'
            FROM generate_series(0, 99999) i
            """,
            """
            INSERT INTO tombstone (storage_key, size, not_before, why)
            SELECT KEY('t' || i), 1, now() + (i - 5000) * interval '1 minute', 'test'
            FROM generate_series(1, 10000) i
            """,
            """
            INSERT INTO hold (organization_id, repository_id, kind, digest, event_id, held_until)
            SELECT 1 + i % 100, 1 + i % 10000, 'manifest', DIGEST('manifest ' || i), i, now() + (i - 5000) * interval '1 minute'
            FROM generate_series(1, 100000) i
            """,
            """
            INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
            SELECT 'link', 1 + i % 100, 1 + i, DIGEST('blob ' || i), 'manifest_gone', now() + (i - 5000) * interval '1 minute'
            FROM generate_series(1, 100000) i
            """,
            "INSERT INTO account (id, name) SELECT i, 'account' || i FROM generate_series(1, 10000) i",
            """
            INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id)
            SELECT 1 + i % 100, 'r' || lpad(i::text, 5, '0'), 'reader', i
            FROM generate_series(1, 10000) i
            UNION ALL SELECT 1 + i % 100, 'r' || lpad(i::text, 5, '0'), 'writer', 7
            FROM generate_series(5000, 5009) i
            """,
            """
            INSERT INTO account_epoch (organization_id, account_id, epoch)
            SELECT 1 + i % 100, i, 1
            FROM generate_series(8, 10000) i
            """,
            "INSERT INTO organization (id, name) SELECT 100 + i, 'tenant' || lpad(i::text, 4, '0') FROM generate_series(1, 5000) i",
            "INSERT INTO team (id, organization_id, name) SELECT i, 1 + i % 100, 'team' || i FROM generate_series(1, 1000) i",
            """
            INSERT INTO team_member (organization_id, team_id, account_id)
            SELECT t.organization_id, t.id, 1 + (t.id * 10 + i) % 10000
            FROM team t, generate_series(1, 10) i
            """,
            """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes, folded)
            SELECT organization_id, id, kind, 20, 20000, true
            FROM repository, LATERAL (VALUES ('link'), ('manifest')) kinds (kind)
            UNION ALL
            SELECT id, NULL, kind, 2000, 2000000, true
            FROM organization, LATERAL (VALUES ('blob'), ('manifest')) kinds (kind)
            """,
            """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
            SELECT organization_id, CASE WHEN kind <> 'blob' THEN id END, kind, 1, 1000
            FROM repository, LATERAL (VALUES ('link'), ('manifest'), ('blob')) kinds (kind)
            WHERE id % 10 = 1
            """,
            """
            INSERT INTO organization_blob (organization_id, digest, links)
            SELECT organization_id, digest, count(*)
            FROM repository_blob
            GROUP BY organization_id, digest
            """,
            """
            INSERT INTO storage_report (organization_id, not_before)
            SELECT id, now() + (id - 2500) * interval '1 minute'
            FROM organization
            """,
            """
            INSERT INTO storage_figure (report_id, round, figure, items, bytes)
            SELECT id, 0, figure, 7, 7000
            FROM storage_report, LATERAL (VALUES ('blobs_live'), ('blobs_held'), ('manifests_live'), ('shared'), ('saved')) f (figure)
            """,
            "UPDATE storage_report SET computed_at = now(), took_seconds = 1 WHERE organization_id IS NOT NULL",
            """
            INSERT INTO reclaimed_day (organization_id, day, blobs, blob_bytes, manifests, manifest_bytes)
            SELECT id, (now() AT TIME ZONE 'UTC')::date - days, 1, 1000, 1, 500
            FROM organization, generate_series(0, 30) days
            """,
            """
            INSERT INTO storage_day (organization_id, day, bytes)
            SELECT id, (now() AT TIME ZONE 'UTC')::date - days, 1000 * days
            FROM organization, generate_series(0, CASE WHEN id = 1 THEN 430 ELSE 30 END) days
            """,
            """
            INSERT INTO repository_presentation (organization_id, repository_id, readme, icon_type, icon)
            SELECT organization_id, id, 'pages', CASE WHEN id % 2 = 0 THEN 'image/png' END,
                CASE WHEN id % 2 = 0 THEN decode(repeat('89504e47', 1000), 'hex') END
            FROM repository
            """,
            """
            INSERT INTO immutability_rule (organization_id, repository_id, tag_pattern)
            SELECT organization_id, id, 'v*'
            FROM repository
            UNION ALL SELECT id, NULL, 'release-*' FROM organization
            UNION ALL SELECT 1, r.id, 'v' || i FROM repository r, generate_series(1, 50) i WHERE r.organization_id = 1 AND r.id > 1
            """,
            """
            INSERT INTO robot (organization_id, name, secret_hash)
            SELECT CASE WHEN i <= 5000 THEN 1 ELSE 1 + i % 100 END, 'robot' || lpad(i::text, 5, '0'), sha256(convert_to('robot ' || i, 'UTF8'))
            FROM generate_series(1, 10000) i
            """,
            """
            INSERT INTO permission_grant (organization_id, role, robot_id)
            SELECT organization_id, 'writer', id FROM robot
            """,
            """
            INSERT INTO access_token (account_id, name, secret_hash, actions)
            SELECT CASE WHEN i <= 5000 THEN 7 ELSE i % 5000 + 1 END, 'token' || i, sha256(convert_to('token ' || i, 'UTF8')), '{pull}'
            FROM generate_series(1, 20000) i
            """,
            """
            INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns)
            SELECT CASE WHEN i <= 2500 THEN 1 ELSE 1 + i % 100 END, 'issuer' || lpad(i::text, 5, '0'), 'https://ci', 'moorage', '{"ref":"main"}'
            FROM generate_series(1, 5000) i
            """,
            """
            INSERT INTO upload (id, organization_id, repository_id, account, algorithm, finished_digest, expires_at)
            SELECT md5('done ' || i)::uuid, 1, 1, 'tester', 'sha256', DIGEST('blob ' || i), now() + interval '1 day'
            FROM generate_series(1, 20000) i
            """,
            """
            INSERT INTO retention_run (id, organization_id, repository_id, kind, rules, actor, address, client, claim_names,
                claim_values, group_id, state, started_at, finished_at)
            SELECT md5('run ' || i)::uuid, 1, CASE WHEN i % 2 = 0 THEN 1 END, 'run', '{keep-latest 5}', 'tester', '', '', '{}',
                '{}', md5('run ' || i)::uuid, 'done', now() - i * interval '1 minute', now()
            FROM generate_series(1, 10000) i
            """,
            """
            INSERT INTO retention_decision (organization_id, run_id, place, repository_id, kind, name, digest, pushed_at, dropped,
                because)
            SELECT 1, md5('run 1')::uuid, i, 1, 'tag', 't' || i, DIGEST('manifest 1'), now(), i % 3 = 0, 'keep-latest 5'
            FROM generate_series(1, 50000) i
            """,
            // What the planner knows stays what it is told here, in the copies too, however long the tests take.
            """
            DO $$
            DECLARE name regclass;
            BEGIN
                FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
                    EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name);
                END LOOP;
            END $$
            """,
            "VACUUM ANALYZE",
            // Behind the planner's back, for whom all manifests are in the one repository.
            """
            INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size, pushed_at)
            SELECT r.organization_id, r.id, DIGEST('manifest ' || i), 'application/vnd.oci.image.manifest.v1+json',
                convert_to(rpad('{', 500), 'UTF8'), 500, 3000 + r.id * 10 + i,
                '2026-01-01Z'::timestamptz + (r.id * 10 + i) * interval '1 minute'
            FROM repository r, generate_series(1, 10) i
            WHERE r.id BETWEEN 11 AND 21 OR r.id % 1000 = 14 OR r.id = 101
            """,
            "INSERT INTO organization (id, name) VALUES (9000, 'wide')",
            """
            INSERT INTO repository (id, organization_id, name, visibility, listed_at)
            SELECT 20000 + i, 9000, 'wide/' || CASE WHEN i <= 100 THEN 'part/' ELSE '' END || 'r' || lpad(i::text, 5, '0'),
                'private', now()
            FROM generate_series(1, 5000) i
            """,
            """
            INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size, pushed_at)
            SELECT 9000, 20001 + i % 5000, DIGEST('wide ' || i), 'application/vnd.oci.image.manifest.v1+json',
                convert_to('{}', 'UTF8'), 2, 10000000 + i, '2025-01-01Z'::timestamptz + i * interval '1 minute'
            FROM generate_series(0, 19999) i
            """,
            """
            INSERT INTO tag (organization_id, repository_id, name, manifest_digest, pushed_at, total_size)
            SELECT 9000, 20001 + i % 5000, 'v' || i, DIGEST('wide ' || i),
                '2025-01-01Z'::timestamptz + i * interval '1 minute', 10000000 + i
            FROM generate_series(0, 19999) i
            """);

    private static DataSource filled;

    private LargeData() {}

    /** The name of a tag by its place in byte order. */
    static String tag(int place) {
        return String.format(Locale.ROOT, "t%06d", place);
    }

    static Digest digest(String name) {
        return Digest.ofBytes(Digest.Algorithm.SHA256, name.getBytes(StandardCharsets.UTF_8));
    }

    /** A database with all of this, which is filled once for all tests of the JVM. */
    static synchronized DataSource fresh() {
        if (filled == null) {
            DataSource first = TestDatabase.fresh();
            fill(new Sql(first));
            filled = first;
        }
        return TestDatabase.copy(filled);
    }

    private static void fill(Sql sql) {
        sql.change("""
                CREATE FUNCTION key(name text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
                    'blobs/' || substr(md5(name), 1, 2) || '/' || substr(md5(name), 3, 2) || '/' || md5(name)::uuid
                """);
        sql.change("""
                CREATE FUNCTION digest(name text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
                    'sha256:' || encode(sha256(convert_to(name, 'UTF8')), 'hex')
                """);
        FILL.forEach(sql::change);
    }
}
