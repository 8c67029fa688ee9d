package dev.moorage.access;

import java.util.List;

/**
 * Everything that decides what somebody may do, read from the database once.
 *
 * @param principal who he is
 * @param limit what the credential that he showed may be used for
 * @param holdings the roles that he holds, at least those on the organizations that are asked about
 */
record Standing(Principal principal, Limit limit, List<Holding> holdings) {

    /** Keeps its own copy of the holdings. */
    Standing {
        holdings = List.copyOf(holdings);
    }

    /** Nobody's. */
    static Standing anonymous() {
        return new Standing(new Principal.Anonymous(), Limit.NONE, List.of());
    }
}
