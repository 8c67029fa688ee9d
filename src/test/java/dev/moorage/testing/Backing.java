package dev.moorage.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What programs stand on where they do not bring it themselves.
 *
 * @param database the database; empty where the program runs its own
 * @param bucket the bucket of its blobs; empty where they are in its data directory
 */
record Backing(Optional<ExternalDatabase> database, Optional<TestBucket> bucket) {

    /** A new one, as the environment has it. */
    static Backing create() {
        return new Backing(ExternalDatabase.create(), TestBucket.create());
    }

    Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        database.ifPresent(server -> variables.putAll(server.environment()));
        bucket.ifPresent(store -> variables.putAll(store.environment()));
        return variables;
    }

    void drop() {
        database.ifPresent(ExternalDatabase::drop);
        bucket.ifPresent(TestBucket::drop);
    }
}
