package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.AccessTokenStore;
import dev.moorage.metadata.AccountListStore.State;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.PersonStore;
import dev.moorage.metadata.PersonStore.Row;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AccountName;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets people in whom the OpenID provider of the settings has named, and gives them a personal token for their clients, or a session of the console.
 *
 * <p>An account is found by the provider and its subject, never by a name or an address: those the provider may give to
 * another person tomorrow, or to whoever asks for them.
 */
@ApplicationScoped
public class PeopleLogin {

    /** How the names of tokens begin that people get by logging in. */
    public static final String TOKEN = "log-in of ";

    private static final Duration ONE_DAY_OF_WORK = Duration.ofHours(8);

    private final Transactions transactions;
    private final PersonStore people;
    private final AccessTokenStore tokens;
    private final Sessions sessions;
    private final LoginThrottle throttle;
    private final RequestLimits limits;
    private final Auditor auditor;
    private final Denials denials;
    private final Hosts hosts;
    private final InstantSource time;
    private final MoorageConfig.Oidc settings;
    private final Duration lifetime;

    PeopleLogin(
            Transactions transactions,
            PersonStore people,
            AccessTokenStore tokens,
            Sessions sessions,
            LoginThrottle throttle,
            RequestLimits limits,
            Auditor auditor,
            Denials denials,
            Hosts hosts,
            InstantSource time,
            MoorageConfig config) {
        this.transactions = transactions;
        this.people = people;
        this.tokens = tokens;
        this.sessions = sessions;
        this.throttle = throttle;
        this.limits = limits;
        this.auditor = auditor;
        this.denials = denials;
        this.hosts = hosts;
        this.time = time;
        this.settings = config.access().oidc();
        this.lifetime = config.access().tokens().refreshLifetime();
    }

    /** What a person wants a token for. */
    public enum Purpose {
        /** Clients, which keep it in a file for weeks: not to administer. */
        CLIENTS,
        /** The management API, for some hours. */
        ADMINISTRATION,
        /** The console, which needs none: its browser gets a session. */
        CONSOLE;

        private List<String> actions() {
            Stream<Action> actions =
                    switch (this) {
                        case CLIENTS -> Stream.of(Action.PULL, Action.PUSH, Action.DELETE);
                        case ADMINISTRATION, CONSOLE -> Stream.of(Action.values());
                    };
            return actions.map(Action::text).toList();
        }
    }

    /** What became of a log-in. */
    public sealed interface Outcome {

        /**
         * The person is in.
         *
         * @param account the name of the account
         * @param secret a personal token, which nobody is shown again
         * @param until when the token ends
         * @param purpose what it is for
         */
        record Welcome(String account, Secret secret, Instant until, Purpose purpose) implements Outcome {}

        /**
         * The person is in the console.
         *
         * @param secret that of his session, for his browser
         */
        record Session(Secret secret) implements Outcome {}

        /** The provider has named the person, and he has no account here. */
        record Refused(String because) implements Outcome {}
    }

    /** Whether people log in by a provider. */
    public boolean isOffered() {
        return settings.issuer().isPresent();
    }

    /** The registry's own address, for a client that came by a host. */
    public URI address(Optional<String> hostHeader) {
        return hosts.told(hostHeader);
    }

    /** Counts a request of an address; 429 where it has to wait. */
    public void begin(String address) {
        limits.count(address);
    }

    /** Counts a log-in that showed nothing which the provider had given for it; 429 where its address has failed too often. */
    public void failed(Visitor visitor) {
        denials.unknown(visitor, AuditAction.LOGIN, "the log-in by the OpenID provider was not finished");
        throttle.wrongSecret(visitor.address());
    }

    /** Lets a person in by an id-token that has been verified. */
    public Outcome enter(Visitor visitor, String idToken, Purpose purpose) {
        Outcome outcome = Person.of(idToken, settings)
                .map(person -> transactions.call(
                        Durability.POWER_CUT, tx -> enter(tx, new Entering(person, visitor), purpose)))
                .orElseGet(() -> new Outcome.Refused("The provider does not say who you are."));
        if (outcome instanceof Outcome.Refused(var because)) {
            denials.unknown(visitor, AuditAction.LOGIN, "by the OpenID provider: " + because);
        }
        return outcome;
    }

    private record Entering(Person person, Visitor visitor) {}

    private Outcome enter(Transaction transaction, Entering entering, Purpose purpose) {
        Person person = entering.person();
        Optional<Row> known = people.find(transaction, person.issuer(), person.subject());
        if (known.isPresent()) {
            return enter(transaction, entering, known.get(), purpose);
        }
        if (person.name().isEmpty()) {
            return new Outcome.Refused("The provider does not say how your account would be called: its claim "
                    + settings.nameClaim() + " is not there.");
        }
        String name = person.name().get();
        if (!AccountName.isFree(name)) {
            return new Outcome.Refused(
                    "The provider calls you by a name that no account can have: an account's name has lower-case letters, digits, dots, underscores, hyphens and @, at most 255.");
        }
        Optional<Row> made = people.insert(transaction, name, person.issuer(), person.subject());
        made.ifPresent(row -> tell(transaction, entering, row, AuditAction.ACCOUNT_CREATE, row.name(), Map.of()));
        return made
                // Somebody else has the name, or this person has come in by another request a moment ago.
                .or(() -> people.find(transaction, person.issuer(), person.subject()))
                .map(row -> enter(transaction, entering, row, purpose))
                .orElseGet(() -> new Outcome.Refused("There is an account " + name
                        + " already, and nothing shows that it is yours: an administrator has to help."));
    }

    private Outcome enter(Transaction transaction, Entering entering, Row account, Purpose purpose) {
        if (account.state() == State.DISABLED) {
            return new Outcome.Refused("Your account is disabled.");
        }
        entering.person().teams().ifPresent(teams -> {
            int left = people.leave(transaction, account.id(), teams);
            int entered = people.enter(transaction, account.id(), teams);
            if (left + entered > 0) {
                tell(
                        transaction,
                        entering,
                        account,
                        AuditAction.ACCOUNT_TEAMS,
                        account.name(),
                        Map.of("organizationsLeft", left, "teamsEntered", entered));
            }
        });
        if (purpose == Purpose.CONSOLE) {
            return new Outcome.Session(
                    sessions.begin(transaction, entering.visitor(), account.id(), "the OpenID provider"));
        }
        people.removeEnded(transaction, account.id(), TOKEN);
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        Instant now = time.instant();
        Instant until = now.plus(
                switch (purpose) {
                    case CLIENTS -> lifetime;
                    case ADMINISTRATION, CONSOLE -> ONE_DAY_OF_WORK;
                });
        String label = TOKEN + now;
        Optional<Long> kept = tokens.insert(
                transaction,
                account.id(),
                label,
                secret.hash(),
                RepositoryPrefix.ALL,
                purpose.actions(),
                Optional.of(until.atOffset(ZoneOffset.UTC)));
        if (kept.isEmpty()) {
            throw new IllegalStateException("two log-ins of an account at one moment");
        }
        tell(
                transaction,
                entering,
                account,
                AuditAction.PERSONAL_TOKEN_CREATE,
                label,
                Map.of("actions", purpose.actions(), "expiresAt", until.toString()));
        return new Outcome.Welcome(account.name(), secret, until, purpose);
    }

    /** Who comes so has no role to act by: he is told of by his account. */
    private void tell(
            Transaction transaction,
            Entering entering,
            Row account,
            AuditAction action,
            String target,
            Map<String, Object> detail) {
        Audit audit = new Audit(AuditSubject.of(action, target), Optional.empty());
        audit.with("by", "the OpenID provider");
        detail.forEach(audit::with);
        Principal himself = new Principal.Account(account.id(), account.name(), 0, false);
        auditor.done(
                transaction,
                AuditActor.of(
                        himself,
                        entering.visitor().address(),
                        entering.visitor().client()),
                audit);
    }
}
