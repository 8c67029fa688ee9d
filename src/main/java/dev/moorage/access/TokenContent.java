package dev.moorage.access;

import java.util.List;

/**
 * What a token says.
 *
 * @param principal whose it is
 * @param limit what the credential that it was given for may be used for
 * @param entries what it allows
 * @param catalog whether it allows to list repositories
 * @param issuedAt when it was made, in seconds of the database's clock
 */
record TokenContent(Principal principal, Limit limit, List<TokenEntry> entries, boolean catalog, long issuedAt) {

    TokenContent {
        entries = List.copyOf(entries);
    }
}
