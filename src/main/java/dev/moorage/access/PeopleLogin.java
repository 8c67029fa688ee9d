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
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets people in whom the OpenID provider of the settings has named, and gives them a personal token for their clients.
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
    private final LoginThrottle throttle;
    private final RequestLimits limits;
    private final Hosts hosts;
    private final InstantSource time;
    private final MoorageConfig.Oidc settings;
    private final Duration lifetime;

    PeopleLogin(
            Transactions transactions,
            PersonStore people,
            AccessTokenStore tokens,
            LoginThrottle throttle,
            RequestLimits limits,
            Hosts hosts,
            InstantSource time,
            MoorageConfig config) {
        this.transactions = transactions;
        this.people = people;
        this.tokens = tokens;
        this.throttle = throttle;
        this.limits = limits;
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
        ADMINISTRATION;

        private List<String> actions() {
            Stream<Action> actions =
                    switch (this) {
                        case CLIENTS -> Stream.of(Action.PULL, Action.PUSH, Action.DELETE);
                        case ADMINISTRATION -> Stream.of(Action.values());
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
    public void failed(String address) {
        throttle.wrongSecret(address);
    }

    /** Lets a person in by an id-token that has been verified. */
    public Outcome enter(String idToken, Purpose purpose) {
        return Person.of(idToken, settings)
                .map(person -> transactions.call(Durability.POWER_CUT, tx -> enter(tx, person, purpose)))
                .orElseGet(() -> new Outcome.Refused("The provider does not say who you are."));
    }

    private Outcome enter(Transaction transaction, Person person, Purpose purpose) {
        Optional<Row> known = people.find(transaction, person.issuer(), person.subject());
        if (known.isPresent()) {
            return enter(transaction, person, known.get(), purpose);
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
        return people.insert(transaction, name, person.issuer(), person.subject())
                // Somebody else has the name, or this person has come in by another request a moment ago.
                .or(() -> people.find(transaction, person.issuer(), person.subject()))
                .map(row -> enter(transaction, person, row, purpose))
                .orElseGet(() -> new Outcome.Refused("There is an account " + name
                        + " already, and nothing shows that it is yours: an administrator has to help."));
    }

    private Outcome enter(Transaction transaction, Person person, Row account, Purpose purpose) {
        if (account.state() == State.DISABLED) {
            return new Outcome.Refused("Your account is disabled.");
        }
        person.teams().ifPresent(teams -> {
            people.leave(transaction, account.id(), teams);
            people.enter(transaction, account.id(), teams);
        });
        people.removeEnded(transaction, account.id(), TOKEN);
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        Instant now = time.instant();
        Instant until = now.plus(
                switch (purpose) {
                    case CLIENTS -> lifetime;
                    case ADMINISTRATION -> ONE_DAY_OF_WORK;
                });
        Optional<Long> kept = tokens.insert(
                transaction,
                account.id(),
                TOKEN + now,
                secret.hash(),
                RepositoryPrefix.ALL,
                purpose.actions(),
                Optional.of(until.atOffset(ZoneOffset.UTC)));
        if (kept.isEmpty()) {
            throw new IllegalStateException("two log-ins of an account at one moment");
        }
        return new Outcome.Welcome(account.name(), secret, until, purpose);
    }
}
