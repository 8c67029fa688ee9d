package dev.moorage.administration;

import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.AccountStore;
import java.time.Instant;
import java.util.Optional;

/** An account, as the management API shows it. */
public record Account(String name, boolean administrator, boolean enabled, Instant createdAt) {

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
                row.createdAt());
    }
}
