package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Ranges are compared with a model that counts with numbers of any size. */
class ByteRangePropertyTest {

    private static final Pattern REQUEST = Pattern.compile("bytes=([0-9]*)-([0-9]*)");
    private static final Pattern CHUNK = Pattern.compile("([0-9]+)-([0-9]+)");

    /** Chunks end below this offset; no blob is so large. */
    private static final BigInteger CHUNK_END = BigInteger.TEN.pow(18);

    @Property(tries = 3000)
    void requestSelectsTheBytesOfTheModel(@ForAll("requests") String header, @ForAll("sizes") long size) {
        assertThat(ByteRange.request(header, size)).isEqualTo(model(header, size));
    }

    @Property(tries = 3000)
    void chunkIsReadLikeInTheModel(@ForAll("chunks") String header) {
        Matcher matcher = CHUNK.matcher(header.strip());
        Optional<ByteRange> expected = Optional.empty();
        if (matcher.matches()) {
            BigInteger first = new BigInteger(matcher.group(1));
            BigInteger last = new BigInteger(matcher.group(2));
            if (first.compareTo(last) <= 0 && last.compareTo(CHUNK_END) < 0) {
                expected = Optional.of(new ByteRange(first.longValueExact(), last.longValueExact()));
            }
        }

        assertThat(ByteRange.parseChunk(header)).isEqualTo(expected);
    }

    @Property
    void rangeIsAsLongAsItsBytes(@ForAll("sizes") long first, @ForAll("sizes") long last) {
        if (last < first) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(first, last));
        } else if (last < Long.MAX_VALUE) {
            assertThat(new ByteRange(first, last).length()).isEqualTo(last - first + 1);
        }
    }

    @Example
    void rowsOfTheTableOfBadInputs() {
        assertThat(ByteRange.request("bytes=9-2", 10)).isEqualTo(new ByteRange.Request.Unsatisfiable());
        assertThat(ByteRange.request("bytes=10-", 10)).isEqualTo(new ByteRange.Request.Unsatisfiable());
        assertThat(ByteRange.request("lines=1-2", 10)).isEqualTo(new ByteRange.Request.Whole());
        assertThat(ByteRange.request("bytes=1-2,4-5", 10)).isEqualTo(new ByteRange.Request.Whole());
        assertThat(ByteRange.parseChunk("5-2")).isEmpty();
        assertThat(ByteRange.parseChunk("a-b")).isEmpty();
        assertThat(ByteRange.parseChunk("0-9223372036854775808")).isEmpty();
        assertThat(ByteRange.parseChunk("-5-2")).isEmpty();
    }

    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> valid =
                Combinators.combine(numbers(), numbers()).as((from, to) -> "bytes=" + from + "-" + to);
        return HostileText.near(valid);
    }

    @Provide
    Arbitrary<String> chunks() {
        return HostileText.near(Combinators.combine(numbers(), numbers()).as((from, to) -> from + "-" + to));
    }

    @Provide
    Arbitrary<Long> sizes() {
        return Arbitraries.of(0L, 1L, 2L, 5L, 10L, 11L, 1L << 40, 999_999_999_999_999_999L);
    }

    private static Arbitrary<String> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 12).map(String::valueOf),
                Arbitraries.of(
                        "",
                        "007",
                        "0000000000000000000000003",
                        "999999999999999998",
                        "999999999999999999",
                        "1000000000000000000",
                        "9223372036854775807",
                        "9223372036854775808",
                        "99999999999999999999999999"));
    }

    private static ByteRange.Request model(String header, long size) {
        Matcher matcher = REQUEST.matcher(header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new ByteRange.Request.Whole();
        }
        BigInteger end = BigInteger.valueOf(size);
        BigInteger first;
        BigInteger last = end.subtract(BigInteger.ONE);
        if (matcher.group(1).isEmpty()) {
            first = end.subtract(new BigInteger(matcher.group(2))).max(BigInteger.ZERO);
        } else {
            first = new BigInteger(matcher.group(1));
            if (!matcher.group(2).isEmpty()) {
                BigInteger asked = new BigInteger(matcher.group(2));
                if (asked.compareTo(first) < 0) {
                    return new ByteRange.Request.Unsatisfiable();
                }
                last = asked.min(last);
            }
        }
        return first.compareTo(end) >= 0
                ? new ByteRange.Request.Unsatisfiable()
                : new ByteRange.Request.Part(new ByteRange(first.longValueExact(), last.longValueExact()));
    }
}
