package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.AccessTokenStore;
import dev.moorage.metadata.AccountStore;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.GuardStore;
import dev.moorage.metadata.LoginFailureStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RobotStore;
import dev.moorage.metadata.SessionStore;
import dev.moorage.metadata.SigningKeyStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.TrustedIssuerStore;
import dev.moorage.outbound.OutboundHttp;
import dev.moorage.outbound.TestOutbound;
import dev.moorage.testing.CaughtStatements;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.TestSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The secured mode in process on a database of its own, with a clock that can be moved and its statements written down. */
final class SecuredHarness implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";
    static final String ADDRESS = "192.0.2.7";
    private static final String HASH = new Passwords(2).hash(PASSWORD);

    final DataSource plain;
    final CaughtStatements statements = new CaughtStatements();
    final MoorageConfig config;
    final Transactions transactions;
    final SigningKeys keys;
    final OutboundHttp outbound;
    final TokenVerifier verifier;
    final TokenWriter writer;
    final TokenServer server;
    final Access access;
    final Login login;
    final Sessions sessions;
    final Granting granting;
    /** What each hash of a password has cost so far. */
    final List<String> derivations = Collections.synchronizedList(new ArrayList<>());

    /** What happens while a password is hashed. */
    volatile Runnable meanwhile = () -> {};

    final FirstAccount firstAccount;
    final Denials denials;
    private Duration ahead = Duration.ZERO;

    SecuredHarness(DataSource plain, Map<String, String> settings) {
        this.plain = plain;
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("moorage.outbound.allowed-networks", "127.0.0.1");
        all.putIfAbsent("moorage.access.mode", "secured");
        all.putIfAbsent("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef");
        this.config = TestSettings.with(all);
        this.transactions = new Transactions(statements.on(plain));
        InstantSource time = () -> Instant.now().plus(ahead);
        Auditor auditor = new Auditor(new AuditStore());
        this.denials = new Denials(transactions, new AuditStore());
        this.keys = new SigningKeys(
                transactions, new SigningKeyStore(), new KeyCipher(config), auditor, UUID::randomUUID, time, config);
        this.outbound = TestOutbound.with(config);
        Issuers issuers = new Issuers(outbound, time);
        this.verifier = new TokenVerifier(keys, new ExternalIssuer(issuers, time, config), time, config);
        this.writer = new TokenWriter(keys, verifier, UUID::randomUUID, config);
        LoginThrottle throttle = new LoginThrottle(transactions, new LoginFailureStore(), config);
        AccountStore accounts = new AccountStore();
        RobotStore robots = new RobotStore();
        Passwords passwords = new Passwords(2) {
            @Override
            byte[] derive(String password, byte[] salt, int memory, int passes, int lanes, int bytes) {
                meanwhile.run();
                derivations.add("%d %d %d %d %d".formatted(salt.length, memory, passes, lanes, bytes));
                return super.derive(password, salt, memory, passes, lanes, bytes);
            }
        };
        JobLogin jobs = new JobLogin(transactions, new TrustedIssuerStore(), issuers, time);
        this.login =
                new Login(transactions, accounts, new AccessTokenStore(), robots, jobs, passwords, throttle, denials);
        Standings standings = new Standings(new GrantStore());
        this.granting = new Granting(transactions, standings, new RepositoryStore());
        RequestLimits limits = new RequestLimits(System::nanoTime, config);
        this.server = new TokenServer(
                transactions,
                login,
                throttle,
                granting,
                writer,
                new RefreshTokenStore(),
                accounts,
                robots,
                limits,
                denials,
                config);
        this.sessions =
                new Sessions(transactions, new SessionStore(), accounts, login, limits, auditor, denials, config);
        this.access = new Access(
                config,
                new Hosts(config, "127.0.0.1", 5000, 8443),
                verifier,
                login,
                sessions,
                granting,
                new GuardStore(),
                transactions,
                limits,
                time,
                denials);
        this.firstAccount = new FirstAccount(transactions, accounts, passwords, auditor, config);
        keys.rotate();
    }

    static SecuredHarness fresh() {
        return new SecuredHarness(TestDatabase.fresh(), Map.of());
    }

    /** Another replica on the same database, which remembers nothing of this one; what it uses ends with this one. */
    SecuredHarness replica() {
        return new SecuredHarness(plain, Map.of());
    }

    /** Lets time pass for this replica, and not for the database. */
    void pass(Duration duration) {
        ahead = ahead.plus(duration);
    }

    Sql sql() {
        return new Sql(plain);
    }

    /** An account whose password is {@link #PASSWORD}. */
    long account(String name) {
        return sql().number("INSERT INTO account (name, password_hash) VALUES (?, ?) RETURNING id", name, HASH);
    }

    long organization(String name) {
        return sql().number("INSERT INTO organization (name) VALUES (?) RETURNING id", name);
    }

    long repository(long organization, String name, String visibility) {
        return sql().number(
                        "INSERT INTO repository (organization_id, name, visibility, listed_at) VALUES (?, ?, ?, now()) RETURNING id",
                        organization,
                        name,
                        visibility);
    }

    /** Gives an account a role on a part of an organization. */
    long give(long organization, String path, String role, long account) {
        return sql().number(
                        "INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id) VALUES (?, ?, ?, ?) RETURNING id",
                        organization,
                        path,
                        role,
                        account);
    }

    static Visitor visitor(Credentials credentials) {
        return new Visitor(credentials, ADDRESS, "test/1.0", Optional.of("127.0.0.1:5000"));
    }

    static Visitor basic(String user, String password) {
        return visitor(new Credentials.Basic(user, password));
    }

    static Visitor bearer(String token) {
        return visitor(new Credentials.Bearer(token));
    }

    /** A token for these scopes. */
    String token(Visitor visitor, String... scopes) {
        return server.token(new TokenServer.Asked(visitor, List.of(scopes), "test", TokenServer.Keep.NOTHING))
                .token();
    }

    /** The texts of the statements that the work runs. */
    List<String> statementsOf(Runnable work) {
        int before = statements.all().size();
        work.run();
        List<CaughtStatements.Caught> all = statements.all();
        return all.subList(before, all.size()).stream()
                .map(CaughtStatements.Caught::sql)
                .toList();
    }

    @Override
    public void close() {
        TestDatabase.drop(plain);
    }
}
