package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** How often manifests were pulled, and when last. */
@Singleton
public class PullStore {

    private static final String ASKED = """
            WITH asked AS (
                SELECT *
                FROM unnest(?::text[]::bigint[], ?::text[]::bigint[], ?::text[], ?::text[]::bigint[], ?::text[]::bigint[])
                    AS a (organization_id, repository_id, digest, pulls, age))
            """;

    // Locked in the order of the keys: several replicas write at once.
    private static final String KNOWN = ASKED + """
            , locked AS MATERIALIZED (
                SELECT a.*
                FROM asked a
                JOIN manifest_pull p USING (organization_id, repository_id, digest)
                ORDER BY a.organization_id, a.repository_id, a.digest
                FOR UPDATE OF p)
            UPDATE manifest_pull p
            SET pulls = p.pulls + l.pulls,
                last_pulled_at = greatest(p.last_pulled_at, now() - l.age * interval '1 millisecond')
            FROM locked l
            WHERE p.organization_id = l.organization_id AND p.repository_id = l.repository_id AND p.digest = l.digest
            RETURNING p.organization_id, p.repository_id, p.digest
            """;

    // For those that were not known: it keeps their manifests meanwhile, and passes over one that is gone. To lock
    // every
    // manifest each time would write to all of them.
    private static final String NEW = ASKED + """
            INSERT INTO manifest_pull AS p (organization_id, repository_id, digest, pulls, last_pulled_at)
            SELECT a.organization_id, a.repository_id, a.digest, a.pulls, now() - a.age * interval '1 millisecond'
            FROM asked a
            JOIN manifest m USING (organization_id, repository_id, digest)
            ORDER BY a.organization_id, a.repository_id, a.digest
            FOR KEY SHARE OF m
            ON CONFLICT (organization_id, repository_id, digest) DO UPDATE
            SET pulls = p.pulls + excluded.pulls, last_pulled_at = greatest(p.last_pulled_at, excluded.last_pulled_at)
            """;

    /**
     * What was counted of a manifest.
     *
     * @param repository in which repository it was pulled
     * @param digest the manifest
     * @param pulls how often
     * @param age how long ago the last one was
     */
    public record Pulled(RepositoryKey repository, Digest digest, long pulls, Duration age) {}

    /** Adds what was counted, each manifest once; one that is gone is passed over. */
    @AcrossTenants("what one replica has counted in some seconds, of whatever repositories")
    public void add(Transaction transaction, List<Pulled> counted) {
        Set<Key> known = Set.copyOf(transaction.all(KNOWN, PullStore::key, parameters(counted)));
        List<Pulled> others = counted.stream()
                .filter(pulled -> !known.contains(new Key(pulled.repository(), pulled.digest())))
                .toList();
        if (!others.isEmpty()) {
            transaction.change(NEW, parameters(others));
        }
    }

    private record Key(RepositoryKey repository, Digest digest) {}

    private static Key key(ResultSet row) throws SQLException {
        return new Key(
                ManifestStore.key(row), Digest.parse(row.getString("digest")).orElseThrow());
    }

    private static Object[] parameters(List<Pulled> counted) {
        return new Object[] {
            texts(counted, pulled -> pulled.repository().organization().value()),
            texts(counted, pulled -> pulled.repository().repository().value()),
            texts(counted, Pulled::digest),
            texts(counted, Pulled::pulls),
            texts(counted, pulled -> pulled.age().toMillis())
        };
    }

    private static TextArray texts(List<Pulled> counted, Function<Pulled, Object> value) {
        return new TextArray(counted.stream().map(value).map(Object::toString).toList());
    }
}
