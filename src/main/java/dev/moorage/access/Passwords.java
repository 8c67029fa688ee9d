package dev.moorage.access;

import dev.moorage.error.RegistryException.TooManyRequests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords with Argon2id (RFC 9106) and compares them.
 *
 * <p>A hash takes 19 MiB and some tens of milliseconds of a processor. No more than half of the processors, at least one,
 * hash at a time: whoever guesses passwords slows down logins, and not pulls.
 */
@ApplicationScoped
public class Passwords {

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LONGEST = 1000;
    private static final long PATIENCE_SECONDS = 10;
    private static final Pattern TEXT =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})\\$([\\w+/-]+)\\$([\\w+/-]+)");

    private final SecureRandom random = new SecureRandom();
    private final Semaphore places;
    private final String nobodys;

    @Inject
    Passwords() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    Passwords(int places) {
        this.places = new Semaphore(places, true);
        this.nobodys = text(new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    /** The hash of a password, in the usual text form. */
    public String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return text(salt, inPlace(() -> derive(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES)));
    }

    /**
     * Whether a password is the one of a hash.
     *
     * @param hash empty where there is no such account, which takes as long and is never right
     * @param attempt what is done about the guess
     */
    boolean matches(String password, Optional<String> hash, Attempt attempt) {
        Matcher parts = TEXT.matcher(hash.orElse(nobodys));
        if (!parts.matches()) {
            throw new IllegalStateException("a password hash is none");
        }
        byte[] expected = Base64.getDecoder().decode(parts.group(5));
        return inPlace(() -> {
            attempt.begin();
            byte[] actual = derive(
                    password.length() > LONGEST ? "" : password,
                    Base64.getDecoder().decode(parts.group(4)),
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)),
                    expected.length);
            boolean right = MessageDigest.isEqual(expected, actual) && hash.isPresent() && password.length() <= LONGEST;
            if (!right) {
                attempt.failed();
            }
            return right;
        });
    }

    /** What is done about a guess while it has its place: of those that wait for one, none begins before it is counted. */
    interface Attempt {

        /** Before anything is hashed; what it throws is the answer. */
        void begin();

        /** The password is another one. */
        void failed();
    }

    private <T> T inPlace(Supplier<T> work) {
        try {
            if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new TooManyRequests("too many logins at once", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooManyRequests("too many logins at once", PATIENCE_SECONDS);
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    byte[] derive(String password, byte[] salt, int memory, int passes, int lanes, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[bytes];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    private static String text(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(MEMORY_KIB, PASSES, LANES, base64.encodeToString(salt), base64.encodeToString(hash));
    }
}
