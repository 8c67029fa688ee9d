package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Makes the account {@code admin} where no administrator is: with the password of the settings, or with a random one that
 * is shown once. There is no password that is the same everywhere.
 */
@ApplicationScoped
public class FirstAccount {

    /**
     * The random password of the account that was made, for whoever shows it; no other start has it.
     *
     * @param password the password
     */
    public record Shown(String password) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** The name of the first account. */
    public static final String NAME = "admin";

    private static final Logger LOG = Logger.getLogger(FirstAccount.class);
    private static final int RANDOM_BYTES = 18;

    private final Transactions transactions;
    private final AccountStore accounts;
    private final Passwords passwords;
    private final Auditor auditor;
    private final Optional<String> given;
    private final AtomicReference<Optional<String>> shown = new AtomicReference<>(Optional.empty());

    FirstAccount(
            Transactions transactions,
            AccountStore accounts,
            Passwords passwords,
            Auditor auditor,
            MoorageConfig config) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.passwords = passwords;
        this.auditor = auditor;
        this.given = config.access().adminPassword();
    }

    /** Makes the account unless there is an administrator already; of several replicas one does. */
    void makeWhereAbsent() {
        transactions.run(Durability.POWER_CUT, tx -> {
            if (accounts.lockForFirst(tx)) {
                String password = given.orElseGet(FirstAccount::random);
                boolean made = accounts.insert(
                                tx, NAME, Optional.of(passwords.hash(password)), AccountStore.Kind.ADMINISTRATOR)
                        .isPresent();
                if (made) {
                    auditor.done(
                            tx,
                            AuditActor.system("first start"),
                            new Audit(AuditSubject.of(AuditAction.ACCOUNT_CREATE, NAME), Optional.empty())
                                    .with("administrator", true));
                } else {
                    LOG.warnf(
                            "There is no administrator, and the account %s is none: make one by the command account create NAME --administrator",
                            NAME);
                }
                shown.set(made && given.isEmpty() ? Optional.of(password) : Optional.empty());
            }
        });
    }

    /** The random password of the account that this start has made, for the one who started it; it is given out once. */
    Optional<String> oneTimePassword() {
        return shown.getAndSet(Optional.empty());
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
