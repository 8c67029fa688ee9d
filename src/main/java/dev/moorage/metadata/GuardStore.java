package dev.moorage.metadata;

import jakarta.inject.Singleton;

/** Asks what a guard asks where there is no repository to ask it of. */
@Singleton
public class GuardStore {

    /** Whether the holder's rights are still those that the guard was made from. */
    @AcrossTenants("who somebody is does not depend on an organization")
    public boolean holds(Transaction transaction, Guard guard) {
        return guard.holderParameters().isEmpty()
                || transaction
                        .first(
                                "SELECT " + guard.holderCondition(),
                                row -> row.getBoolean(1),
                                guard.holderParameters().toArray())
                        .orElseThrow();
    }
}
