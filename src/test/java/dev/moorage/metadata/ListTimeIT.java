package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A statement of a list that takes too long is ended, and only such a one. */
class ListTimeIT {

    private static DataSource database;
    private static Transactions transactions;

    @BeforeAll
    static void make() {
        database = TestDatabase.fresh();
        transactions = new Transactions(database);
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @Test
    void statementOfAListThatTakesTooLongIsUnavailableAndSaysWhy() {
        assertThatThrownBy(() -> transactions.list(tx -> {
                    tx.limit(Duration.ofMillis(100));
                    return tx.first("SELECT pg_sleep(600)", _ -> "slept");
                }))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("longer than it may");
        Optional<Integer> next = transactions.list(tx -> tx.first("SELECT 1", row -> row.getInt(1)));
        assertThat(next).contains(1);
    }

    @Test
    void limitEndsWithTheList() {
        String within = transactions.list(ListTimeIT::limit);
        String beside = transactions.read(ListTimeIT::limit);
        String changing = transactions.call(Durability.POWER_CUT, ListTimeIT::limit);

        assertThat(within).isEqualTo("10s");
        assertThat(beside).isEqualTo("0");
        assertThat(changing).isEqualTo("0");
    }

    private static String limit(Transaction transaction) {
        return transaction
                .first("SHOW statement_timeout", row -> row.getString(1))
                .orElseThrow();
    }
}
