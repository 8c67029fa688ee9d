package dev.moorage.access;

import dev.moorage.access.Decision.Ground;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.SigningKeyStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RobotId;
import dev.moorage.outbound.TestOutbound;
import dev.moorage.testing.TestSettings;
import java.lang.reflect.Proxy;
import java.security.KeyPair;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Verification of the token that a client shows with each request: one that the replica has seen lately, and one that it has not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TokenBench {

    private static final InstantSource TIME = InstantSource.system();
    // More than a replica remembers, so that each is forgotten when its turn comes again.
    private static final int TOKENS = 8192;

    private final MoorageConfig config = TestSettings.with(Map.of(
            "moorage.access.mode", "secured",
            "moorage.access.encryption-key", "0123456789abcdef0123456789abcdef",
            "moorage.access.tokens.lifetime", "1h"));
    private final SigningKeys keys = new SigningKeys(
            new Transactions(nothing(DataSource.class)),
            new OneKey(config),
            new KeyCipher(config),
            new Auditor(new AuditStore()),
            UUID::randomUUID,
            TIME,
            config);
    private final TokenVerifier verifier = verifier();
    private List<String> tokens;
    private int next;

    /** A key as the database would have it. */
    private static final class OneKey extends SigningKeyStore {
        private final SigningKeyRow row;

        OneKey(MoorageConfig config) {
            String kid = UUID.randomUUID().toString();
            KeyPair pair = SigningKey.Algorithm.ES256.generate();
            Instant now = TIME.instant();
            this.row = new SigningKeyRow(
                    kid,
                    SigningKey.Algorithm.ES256.text(),
                    pair.getPublic().getEncoded(),
                    new KeyCipher(config).encrypt(kid, pair.getPrivate().getEncoded()),
                    now.minus(Duration.ofHours(1)),
                    now.plus(Duration.ofDays(1)),
                    now.plus(Duration.ofDays(2)));
        }

        @Override
        public List<SigningKeyRow> all(Transaction transaction) {
            return List.of(row);
        }
    }

    /** Signs the tokens at another replica: one remembers what it signed. */
    @Setup
    public void sign() {
        TokenWriter elsewhere = new TokenWriter(keys, verifier(), UUID::randomUUID, config);
        TokenContent content = content();
        tokens = IntStream.range(0, TOKENS)
                .mapToObj(_ -> elsewhere.write(content))
                .toList();
    }

    private TokenVerifier verifier() {
        Issuers issuers = new Issuers(TestOutbound.with(config), TIME);
        return new TokenVerifier(keys, new ExternalIssuer(issuers, TIME, config), TIME, config);
    }

    /** A robot's right to push to one repository. */
    private static TokenContent content() {
        OrganizationId organization = new OrganizationId(1);
        TokenEntry entry = new TokenEntry(
                RepositoryName.parse("acme/app"),
                EnumSet.of(Action.PULL, Action.PUSH),
                Ground.PRINCIPAL,
                Optional.of(organization),
                Optional.of(new RepositoryId(1)),
                Optional.empty());
        Principal robot = new Principal.Robot(
                new RobotId(1), organization, OrganizationName.parse("acme").orElseThrow(), "ci", 1);
        return new TokenContent(
                robot, Limit.NONE, List.of(entry), false, TIME.instant().getEpochSecond());
    }

    /** A database that is never asked, as the key is here. */
    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, _) -> method.getReturnType() == Connection.class ? nothing(Connection.class) : null));
    }

    /** The same token again and again. */
    @Benchmark
    public VerifiedToken remembered() {
        return verifier.verify(tokens.getFirst()).orElseThrow();
    }

    /** Always another one. */
    @Benchmark
    public VerifiedToken unknown() {
        next = (next + 1) % TOKENS;
        return verifier.verify(tokens.get(next)).orElseThrow();
    }
}
