package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.drain.Drain;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditSweeperIT {

    private static final Grant GRANT = Grant.system("test");

    private DataSource database;
    private Sql sql;

    @BeforeEach
    void fill() {
        database = TestDatabase.fresh();
        sql = new Sql(database);
        sql.change("""
                INSERT INTO audit_event (at, actor_kind, actor, address, client, action, target_kind, target, outcome, detail)
                SELECT now() - i * interval '1 day' + interval '1 hour', 'system', 'test', '', '', 'team.add', 'team', '', outcome,
                    '{}'
                FROM generate_series(1, 1500) i, (VALUES ('done'), ('denied')) o (outcome)
                """);
    }

    @AfterEach
    void drop() {
        TestDatabase.drop(database);
    }

    @Test
    void rowsGoWhenTheyAreOlderThanTheirOutcomeIsKept() {
        assertThat(sweeper(Map.of()).sweep(GRANT)).isEqualTo(1100 + 1470);

        assertThat(sql.rows("SELECT outcome, count(*) FROM audit_event GROUP BY outcome ORDER BY outcome"))
                .containsExactly("denied 30", "done 400");
        assertThat(sweeper(Map.of()).sweep(GRANT)).isZero();
    }

    @Test
    void zeroKeepsThemForEver() {
        assertThat(sweeper(Map.of("moorage.audit.keep", "0s", "moorage.audit.keep-denied", "0s"))
                        .sweep(GRANT))
                .isZero();
    }

    @Test
    void severalReplicasRemoveThemTogetherAndEachRowOnce() throws InterruptedException {
        Callable<Integer> sweep = () -> sweeper(Map.of()).sweep(GRANT);
        List<Integer> removed = Together.run(List.of(sweep, sweep, sweep));
        int rest = sweeper(Map.of()).sweep(GRANT);

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + rest).isEqualTo(1100 + 1470);
        assertThat(sql.rows("SELECT outcome, count(*) FROM audit_event GROUP BY outcome ORDER BY outcome"))
                .containsExactly("denied 30", "done 400");
    }

    private AuditSweeper sweeper(Map<String, String> settings) {
        return new AuditSweeper(new Transactions(database), new AuditStore(), new Drain(), TestSettings.with(settings));
    }
}
