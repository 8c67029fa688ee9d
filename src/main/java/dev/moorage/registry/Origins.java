package dev.moorage.registry;

import dev.moorage.access.Caller;
import dev.moorage.access.Grant;
import dev.moorage.metadata.HistoryStore.Origin;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Says of an event who caused it, with one group for all events of a request. */
@Singleton
public class Origins {

    private final Supplier<UUID> randomness;

    Origins(Supplier<UUID> randomness) {
        this.randomness = randomness;
    }

    /** Who holds the grant, with a group of its own. */
    public Origin of(Grant grant) {
        Caller caller = grant.caller();
        return new Origin(
                randomness.get(),
                caller.account(),
                caller.address(),
                caller.client(),
                caller.claims(),
                Optional.empty());
    }
}
