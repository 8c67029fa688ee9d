package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.metadata.ReplicaStore.Replica;
import dev.moorage.metadata.ReplicaStore.Standing;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The programs that serve a registry, by their own word. */
class ReplicaStoreIT {

    private final DataSource database = TestDatabase.fresh();
    private final Transactions transactions = new Transactions(database);
    private final Sql sql = new Sql(database);
    private final ReplicaStore replicas = new ReplicaStore();

    @Test
    void programIsThereOnceHoweverOftenItSaysSoAndForgottenWhenItHasLongNot() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        beat(first);
        beat(first);
        beat(second);

        assertThat(all().stream().map(Replica::id)).containsExactly(first, second);
        assertThat(all()).allMatch(replica -> replica.standing() == Standing.SERVING);

        sql.change("UPDATE replica SET seen_at = now() - interval '2 minutes' WHERE id = ?", first);
        assertThat(all().getFirst().standing()).isEqualTo(Standing.SILENT);
        beat(second);
        assertThat(all()).hasSize(2);

        sql.change("UPDATE replica SET seen_at = now() - interval '11 minutes' WHERE id = ?", first);
        beat(second);
        assertThat(all().stream().map(Replica::id)).containsExactly(second);
    }

    private void beat(UUID id) {
        transactions.run(Durability.PROGRAM_END, transaction -> replicas.seen(transaction, id, "machine", "1.0"));
    }

    private List<Replica> all() {
        return transactions.read(replicas::all);
    }
}
