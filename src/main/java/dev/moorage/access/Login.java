package dev.moorage.access;

import dev.moorage.access.Credentials.Basic;
import dev.moorage.access.Credentials.Bearer;
import dev.moorage.access.LoginThrottle.Keys;
import dev.moorage.access.Secret.Kind;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.metadata.AccessTokenStore;
import dev.moorage.metadata.AccountRow;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RefreshTokenStore.Owner;
import dev.moorage.metadata.RobotRow;
import dev.moorage.metadata.RobotStore;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds out who somebody is by what he shows: a password, a personal token, a robot's secret, or a CI job's token.
 *
 * <p>An unknown name and a wrong password take the same statements in the same order, and the same hashing.
 */
@ApplicationScoped
class Login {

    private static final int LONGEST_NAME = 512;

    private final Transactions transactions;
    private final AccountStore accounts;
    private final AccessTokenStore tokens;
    private final RobotStore robots;
    private final JobLogin jobs;
    private final Passwords passwords;
    private final LoginThrottle throttle;
    private final Denials denials;

    Login(
            Transactions transactions,
            AccountStore accounts,
            AccessTokenStore tokens,
            RobotStore robots,
            JobLogin jobs,
            Passwords passwords,
            LoginThrottle throttle,
            Denials denials) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.tokens = tokens;
        this.robots = robots;
        this.jobs = jobs;
        this.passwords = passwords;
        this.throttle = throttle;
        this.denials = denials;
    }

    /**
     * Somebody who has come in.
     *
     * @param principal who he is
     * @param limit what his credential may be used for
     * @param owner whose a refresh token would be; empty for those who get none
     */
    record Known(Principal principal, Limit limit, Optional<Owner> owner) {}

    /** Who this is; empty where the credentials are wrong, and 429 where there were too many wrong ones. */
    Optional<Known> login(Basic basic, Visitor visitor) {
        String user = isName(basic.user()) ? basic.user() : "";
        return told(user, visitor, () -> login(user, basic, visitor.address()));
    }

    private Optional<Known> login(String user, Basic basic, String address) {
        Optional<Kind> kind = Kind.of(basic.password());
        if (kind.isEmpty() && JobLogin.isMeant(user, basic.password())) {
            return orCounted(jobs.login(user, basic.password()), address);
        }
        if (kind.isPresent()) {
            return orCounted(bySecret(user, kind.get(), basic.password()), address);
        }
        Keys keys = Keys.of(user, address);
        throttle.demand(keys);
        Optional<Known> known = byPassword(user, basic.password(), keys);
        if (known.isPresent()) {
            throttle.succeeded(keys);
        }
        return known;
    }

    /** Whether anybody can have this name: another one is not shown to the database, and is nobody's. */
    private static boolean isName(String user) {
        return user.length() <= LONGEST_NAME && user.chars().noneMatch(Character::isISOControl);
    }

    /** Whose a secret is that is shown without a name; empty where it is none, and 429 after too many of those. */
    Optional<Known> login(Bearer bearer, Visitor visitor) {
        return told("", visitor, () -> login(bearer, visitor.address()));
    }

    /** Tells the audit trail who was not let in; the same for a name that is somebody's and one that is not. */
    private Optional<Known> told(String user, Visitor visitor, Supplier<Optional<Known>> work) {
        try {
            Optional<Known> known = work.get();
            if (known.isEmpty()) {
                denials.login(visitor, user, "the name or the secret is wrong");
            }
            return known;
        } catch (TooManyRequests e) {
            denials.login(visitor, user, "too many logins have failed");
            throw e;
        }
    }

    private Optional<Known> login(Bearer bearer, String address) {
        Optional<Known> known = Kind.of(bearer.token())
                .flatMap(kind -> Secret.parse(kind, bearer.token()).flatMap(secret -> switch (kind) {
                    case PERSONAL -> byPersonalToken(_ -> true, secret.hash());
                    case ROBOT -> byRobotSecret(_ -> true, secret.hash());
                    case REFRESH, WEBHOOK, SESSION -> Optional.empty();
                }));
        return orCounted(known, address);
    }

    /** Who has shown a secret or a signature; where that is nobody, the address waits after too many of those. */
    private Optional<Known> orCounted(Optional<Known> known, String address) {
        if (known.isEmpty()) {
            throttle.wrongSecret(address);
        }
        return known;
    }

    private Optional<Known> byPassword(String user, String password, Keys keys) {
        Optional<AccountRow> account = transactions.read(tx -> accounts.find(tx, user));
        boolean right = passwords.matches(password, account.flatMap(AccountRow::passwordHash), new Passwords.Attempt() {
            @Override
            public void begin() {
                throttle.demand(keys);
            }

            @Override
            public void failed() {
                throttle.failed(keys);
            }
        });
        return account.filter(_ -> right).map(Login::known);
    }

    private Optional<Known> bySecret(String user, Kind kind, String text) {
        Optional<Secret> secret = Secret.parse(kind, text);
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = secret.get().hash();
        return switch (kind) {
            case PERSONAL -> byPersonalToken(user::equals, hash);
            case ROBOT -> byRobotSecret(user::equals, hash);
            // A refresh token is no password: it is given to the token server, for what it was made for.
            case REFRESH, WEBHOOK, SESSION -> Optional.empty();
        };
    }

    private Optional<Known> byPersonalToken(Predicate<String> user, byte[] hash) {
        Optional<AccessTokenStore.Shown> shown = transactions
                .read(tx -> tokens.findBySecret(tx, hash))
                .filter(token -> user.test(token.account().name()));
        shown.filter(AccessTokenStore.Shown::useStale)
                .ifPresent(token -> transactions.run(Durability.PROGRAM_END, tx -> tokens.used(tx, token.id())));
        return shown.map(Login::known);
    }

    private Optional<Known> byRobotSecret(Predicate<String> user, byte[] hash) {
        Optional<RobotRow> row = transactions
                .read(tx -> robots.findBySecret(tx, hash))
                .filter(robot -> user.test(known(robot).principal().name()));
        row.filter(RobotRow::useStale)
                .ifPresent(robot -> transactions.run(Durability.PROGRAM_END, tx -> robots.used(tx, robot.id())));
        return row.map(Login::known);
    }

    static Known known(AccountRow row) {
        return new Known(account(row), Limit.NONE, Optional.of(new Owner.Account(row.id())));
    }

    static Known known(AccessTokenStore.Shown token) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        token.actions().forEach(text -> Action.parse(text).ifPresent(actions::add));
        return new Known(
                account(token.account()),
                new Limit(token.prefix(), actions),
                Optional.of(new Owner.Personal(token.account().id(), token.id())));
    }

    static Known known(RobotRow row) {
        return new Known(
                new Principal.Robot(row.id(), row.organization(), row.organizationName(), row.name(), row.epoch()),
                Limit.NONE,
                Optional.of(new Owner.Robot(row.id())));
    }

    static Principal.Account account(AccountRow row) {
        return new Principal.Account(row.id(), row.name(), row.epoch(), row.administrator());
    }
}
