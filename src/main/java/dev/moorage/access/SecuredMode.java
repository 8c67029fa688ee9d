package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.StartupCheckFailed;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LoginFailureStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.SessionStore;
import dev.moorage.metadata.Transactions;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** What the secured mode needs before the first request, and from time to time. */
@ApplicationScoped
class SecuredMode {

    private static final Logger LOG = Logger.getLogger(SecuredMode.class);

    private final Access access;
    private final SigningKeys keys;
    private final FirstAccount firstAccount;
    private final Event<FirstAccount.Shown> shown;
    private final Transactions transactions;
    private final RefreshTokenStore refreshTokens;
    private final SessionStore sessions;
    private final LoginFailureStore failures;
    private final MoorageConfig.Throttle throttle;
    private final boolean serving;

    SecuredMode(
            Access access,
            SigningKeys keys,
            FirstAccount firstAccount,
            Event<FirstAccount.Shown> shown,
            Transactions transactions,
            RefreshTokenStore refreshTokens,
            SessionStore sessions,
            LoginFailureStore failures,
            MoorageConfig config,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean serving) {
        this.access = access;
        this.keys = keys;
        this.firstAccount = firstAccount;
        this.shown = shown;
        this.transactions = transactions;
        this.refreshTokens = refreshTokens;
        this.sessions = sessions;
        this.failures = failures;
        this.throttle = config.access().throttle();
        this.serving = serving;
    }

    // A command shows nobody the first password: the account is made by a start that serves.
    void start(@Observes StartupEvent event) {
        if (access.secured() && serving) {
            keys.rotate();
            firstAccount.makeWhereAbsent();
            // At once: whatever else ends this start, no later one has the password.
            firstAccount.oneTimePassword().ifPresent(password -> shown.fire(new FirstAccount.Shown(password)));
        }
    }

    @Scheduled(every = "60s", delayed = "60s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void keepUp() {
        if (!access.secured()) {
            return;
        }
        try {
            keys.rotate();
            transactions.run(Durability.PROGRAM_END, tx -> {
                refreshTokens.removeOld(tx);
                sessions.removeOld(tx);
                failures.removeOld(tx, throttle.memory());
            });
        } catch (Unavailable | StartupCheckFailed e) {
            LOG.warnf("The keys are looked at again later: %s", e.getMessage());
        }
    }
}
