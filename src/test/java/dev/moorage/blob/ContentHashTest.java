package dev.moorage.blob;

import static dev.moorage.blob.BlobStoreContract.randomBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.Digest;
import dev.moorage.name.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hash that is looked at, carried over and gone on with is the hash of the plain bytes. */
class ContentHashTest {

    @Property(tries = 500)
    void anySplitThroughExportAndResumeGivesThePlainDigest(
            @ForAll Algorithm algorithm, @ForAll("bytes") byte[] bytes, @ForAll @Size(max = 6) int[] cuts) {
        int[] places = Arrays.stream(cuts)
                .map(cut -> Math.floorMod(cut, bytes.length + 1))
                .sorted()
                .toArray();
        ContentHash hash = ContentHash.start(algorithm);
        int at = 0;
        for (int place : places) {
            hash.update(bytes, at, place - at);
            at = place;
            assertThat(hash.peek()).isEqualTo(Digest.ofBytes(algorithm, Arrays.copyOf(bytes, at)));
            hash = ContentHash.resume(algorithm, hash.state().orElseThrow()).orElseThrow();
            assertThat(hash.count()).isEqualTo(at);
        }
        hash.update(bytes, at, bytes.length - at);

        assertThat(hash.peek()).isEqualTo(Digest.ofBytes(algorithm, bytes));
        assertThat(hash.count()).isEqualTo(bytes.length);
    }

    @Property(tries = 500)
    void aDamagedStateIsRefused(
            @ForAll Algorithm algorithm,
            @ForAll("bytes") byte[] bytes,
            @ForAll @IntRange(min = 0, max = 100_000) int place,
            @ForAll @IntRange(min = 1, max = 255) int difference) {
        byte[] state = stateAfter(algorithm, bytes);
        state[place % state.length] ^= (byte) difference;

        assertThat(ContentHash.resume(algorithm, state)).isEmpty();
    }

    @Property(tries = 200)
    void aStateThatIsCutOrGrownIsRefused(
            @ForAll Algorithm algorithm,
            @ForAll("bytes") byte[] bytes,
            @ForAll @IntRange(min = 0, max = 400) int length) {
        byte[] state = stateAfter(algorithm, bytes);

        assertThat(ContentHash.resume(algorithm, Arrays.copyOf(state, length)).isPresent())
                .isEqualTo(length == state.length);
    }

    @Property(tries = 200)
    void bytesThatNobodyExportedAreRefused(@ForAll Algorithm algorithm, @ForAll @Size(max = 300) byte[] bytes) {
        assertThat(ContentHash.resume(algorithm, bytes)).isEmpty();
    }

    /** The just-in-time compiler puts other code under the digest after some thousand calls, which keeps its state otherwise. */
    @ParameterizedTest
    @EnumSource
    void compiledCodeLetsItsStateOutToo(Algorithm algorithm) {
        byte[] bytes = randomBytes(1024);
        for (int i = 0; i < 40_000; i++) {
            int cut = i % 9 * 128;
            ContentHash first = ContentHash.start(algorithm);
            first.update(bytes, 0, cut);
            ContentHash second =
                    ContentHash.resume(algorithm, first.state().orElseThrow()).orElseThrow();
            second.update(bytes, cut, bytes.length - cut);
            if (i % 100 == 0) {
                assertThat(second.peek()).isEqualTo(Digest.ofBytes(algorithm, bytes));
            }
        }
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.integers().between(0, 2000).map(BlobStoreContract::randomBytes);
    }

    @Test
    void aStateOfOneAlgorithmIsRefusedByTheOther() {
        assertThat(ContentHash.resume(Algorithm.SHA512, stateAfter(Algorithm.SHA256, randomBytes(10))))
                .isEmpty();
        assertThat(ContentHash.resume(Algorithm.SHA256, stateAfter(Algorithm.SHA512, randomBytes(10))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLookChangesNothing(Algorithm algorithm) {
        byte[] bytes = randomBytes(777);
        ContentHash hash = ContentHash.start(algorithm);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(hash.peek()).isEqualTo(hash.peek());
            assertThat(hash.state().orElseThrow()).hasSizeLessThanOrEqualTo(250);
            hash.update(bytes, i, 1);
        }
        assertThat(hash.peek()).isEqualTo(Digest.ofBytes(algorithm, bytes));
    }

    @Test
    void aPlatformThatKeepsItsStateClosedIsNoFailure() throws Exception {
        Process closed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutOpens.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(closed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(closed.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said.strip()).isEqualTo("Optional.empty Optional.empty true");
    }

    /** Runs in a process that was started without the opens. */
    static final class WithoutOpens {

        private WithoutOpens() {}

        public static void main(String[] arguments) {
            byte[] bytes = randomBytes(100);
            ContentHash hash = ContentHash.start(Algorithm.SHA256);
            hash.update(bytes, 0, bytes.length);
            // What the other side exported, as a replica that was started with the opens does.
            byte[] state = new HashState(0, new byte[32], new byte[0]).encode(Algorithm.SHA256);
            Optional<ContentHash> resumed = ContentHash.resume(Algorithm.SHA256, state);
            System.out.println(
                    hash.state() + " " + resumed + " " + hash.peek().equals(Digest.ofBytes(Algorithm.SHA256, bytes)));
        }
    }

    private static byte[] stateAfter(Algorithm algorithm, byte[] bytes) {
        ContentHash hash = ContentHash.start(algorithm);
        hash.update(bytes, 0, bytes.length);
        return hash.state().orElseThrow();
    }
}
