package dev.moorage.registry;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.UUID;
import java.util.function.Supplier;

/** Where identities come from. */
class Randomness {

    @Produces
    @ApplicationScoped
    Supplier<UUID> identities() {
        return UUID::randomUUID;
    }
}
