package dev.moorage.administration;

import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.PersonStore;
import java.time.Instant;
import java.util.Optional;

/**
 * An account, as the management API shows it.
 *
 * @param issuer the OpenID provider by which a person logs in to it, where one does
 * @param subject what that provider calls the person
 */
public record Account(
        String name,
        boolean administrator,
        boolean enabled,
        Instant createdAt,
        Optional<String> issuer,
        Optional<String> subject) {

    /**
     * An account that was made.
     *
     * @param oneTimePassword the password that was made for it, which nobody is shown again; empty where one was given
     */
    public record Made(Account account, Optional<String> oneTimePassword) {
        @Override
        public String toString() {
            return account + ", ***";
        }
    }

    static Account of(AccountListStore.Row row) {
        return new Account(
                row.name(),
                row.kind() == AccountStore.Kind.ADMINISTRATOR,
                row.state() == AccountListStore.State.ENABLED,
                row.createdAt(),
                row.person().map(PersonStore.Person::issuer),
                row.person().map(PersonStore.Person::subject));
    }
}
