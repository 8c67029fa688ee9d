package dev.moorage.metadata;

import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pulls and deletions in one large repository among many small ones: the planner takes organization and repository for
 * independent of each other, and so expects hardly a row where the large one has thousands.
 */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class SkewedPlanIT {

    private static DataSource database;

    @BeforeAll
    static void fill() {
        database = LargeData.fresh();
        Sql sql = new Sql(database);
        sql.change("""
                INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size)
                SELECT r.organization_id, r.id, DIGEST('small ' || i), 'application/vnd.oci.image.manifest.v1+json',
                    convert_to(rpad('{', 500), 'UTF8'), 500, 3000
                FROM repository r, generate_series(1, 10) i
                WHERE r.id > 1
                """);
        sql.change("VACUUM ANALYZE manifest");
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @ParameterizedTest
    @EnumSource(
            value = PlanIT.Hot.class,
            names = {
                "MANIFEST_HEAD_BY_TAG",
                "MANIFEST_BY_TAG",
                "MANIFEST_BY_DIGEST",
                "GUARDED_MANIFEST_HEAD_BY_TAG",
                "MANIFESTS_TO_SHARE",
                "MANIFESTS_WITH_THE_BASE_LAYER",
                "MANIFESTS_WITH_A_BLOB",
                "PARENTS_OF_A_MANIFEST",
                "NEEDS_OF_A_MANIFEST",
                "NEEDS_OF_A_LINK"
            })
    void aHotStatementOfALargeRepositoryAmongSmallOnesTouchesFewPages(PlanIT.Hot hot) {
        PlanIT.demandFewPages(database, hot);
    }
}
