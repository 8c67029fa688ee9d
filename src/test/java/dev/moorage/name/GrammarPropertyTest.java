package dev.moorage.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Each name is exactly what the regular expression of its specification says. */
class GrammarPropertyTest {

    private static final String HEX = "0123456789abcdef";
    private static final String COMPONENT = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile(COMPONENT + "(\\/" + COMPONENT + ")*");
    private static final Pattern ORGANIZATION = Pattern.compile(COMPONENT);
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern RESTRICTED_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&\\-^_.+]*");

    @Property(tries = 2000)
    void repositoryNamesAreThoseOfTheSpecification(@ForAll("names") String text) {
        boolean valid = text.length() <= 255 && NAME.matcher(text).matches();

        assertParsed(RepositoryName.parse(text), valid, text);
        assertConstructed(RepositoryName::new, valid, text);
    }

    @Property(tries = 2000)
    void organizationIsTheFirstComponent(@ForAll("names") String text) {
        assertParsed(
                OrganizationName.parse(text),
                text.length() <= 255 && ORGANIZATION.matcher(text).matches(),
                text);
        RepositoryName.parse(text)
                .ifPresent(name -> assertThat(name.organization().value()).isEqualTo(text.split("/", -1)[0]));
    }

    @Property(tries = 2000)
    void tagsAreThoseOfTheSpecification(@ForAll("tags") String text) {
        boolean valid = TAG.matcher(text).matches();

        assertParsed(Tag.parse(text), valid, text);
        assertConstructed(Tag::new, valid, text);
    }

    @Property(tries = 2000)
    void digestsAreThoseOfTheRegisteredAlgorithms(@ForAll("digests") String text) {
        assertParsed(Digest.parse(text), DIGEST.matcher(text).matches(), text);
    }

    @Property
    void digestOfBytesIsReadBack(@ForAll byte[] bytes, @ForAll Digest.Algorithm algorithm) {
        Digest digest = Digest.ofBytes(algorithm, bytes);

        assertThat(Digest.parse(digest.toString())).contains(digest);
    }

    @Property(tries = 2000)
    void referenceIsADigestWhereItHoldsAColonElseATag(@ForAll("references") String text) {
        Optional<Reference> reference = Reference.parse(text);

        assertThat(Reference.looksLikeDigest(text)).isEqualTo(text.contains(":"));
        assertParsed(
                reference, DIGEST.matcher(text).matches() || TAG.matcher(text).matches(), text);
        reference.ifPresent(r -> assertThat(r instanceof Digest).isEqualTo(text.contains(":")));
    }

    @Property(tries = 2000)
    void mediaTypesAreThoseOfRfc6838(@ForAll("mediaTypes") String text) {
        boolean valid = isMediaType(text);

        assertParsed(MediaType.parse(text), valid, text);
        assertConstructed(MediaType::new, valid, text);
    }

    @Property(tries = 2000)
    void headerIsReadWithoutItsParametersAndCase(@ForAll("mediaTypes") String text, @ForAll("parameters") String rest) {
        String type = text.contains(";") ? text.substring(0, text.indexOf(';')) : text;

        assertParsed(
                MediaType.parseHeader(text + rest),
                isMediaType(type.strip()),
                type.strip().toLowerCase(Locale.ROOT));
    }

    @Property(tries = 2000)
    void uploadIdsAreUuidsInTheirCanonicalForm(@ForAll("uuids") String text) {
        assertParsed(UploadId.parse(text), UUID_FORM.matcher(text).matches(), text);
    }

    @Property
    void blobKeyOfAnyUuidIsAKey(@ForAll long high, @ForAll long low) {
        UUID uuid = new UUID(high, low);
        String text = uuid.toString();

        BlobKey key = BlobKey.of(uuid);

        assertThat(key.value()).isEqualTo("blobs/%s/%s/%s", text.substring(0, 2), text.substring(2, 4), text);
        assertThat(new BlobKey(key.toString())).isEqualTo(key);
    }

    @Property(tries = 2000)
    void onlyKeysMadeHereAreKeys(@ForAll("keys") String text) {
        String uuid = text.length() > 12 ? text.substring(12) : "";
        boolean valid = UUID_FORM.matcher(uuid).matches()
                && text.equals(BlobKey.of(UUID.fromString(uuid)).value());

        assertConstructed(BlobKey::new, valid, text);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> words =
                Arbitraries.strings().withChars("ab09").ofMinLength(1).ofMaxLength(5);
        Arbitrary<String> joints = Arbitraries.of(".", "_", "__", "-", "--", "-----", "/", "/", "");
        Arbitrary<String> parts = Arbitraries.oneOf(words, joints);
        Arbitrary<String> built = parts.list().ofMaxSize(9).map(list -> String.join("", list));
        Arbitrary<String> reserved = Arbitraries.of("a/blobs/b", "tags/list/x", "manifests", "a/uploads/blobs", "v2");
        return HostileText.near(
                Arbitraries.oneOf(built, reserved, HostileText.around(255, "ab0"), HostileText.around(255, "a-/")));
    }

    @Provide
    Arbitrary<String> tags() {
        return HostileText.near(Arbitraries.oneOf(
                HostileText.around(128, "aZ09_"),
                HostileText.around(128, "aZ09_.-"),
                Arbitraries.of("latest", "v1.0")));
    }

    @Provide
    Arbitrary<String> digests() {
        Arbitrary<String> sha256 =
                Arbitraries.strings().withChars(HEX).ofLength(64).map(hex -> "sha256:" + hex);
        Arbitrary<String> sha512 =
                Arbitraries.strings().withChars(HEX).ofLength(128).map(hex -> "sha512:" + hex);
        Arbitrary<String> odd = Arbitraries.of(
                "sha256:baddigeststring", "sha256:", ":", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:../..");
        Arbitrary<String> upper = sha256.map(text -> text.toUpperCase(Locale.ROOT));
        Arbitrary<String> crossed = sha256.map(text -> text.replace("256", "512"));
        return HostileText.near(Arbitraries.oneOf(
                sha256, sha512, odd, upper, crossed, HostileText.around(64, HEX).map(hex -> "sha256:" + hex)));
    }

    @Provide
    Arbitrary<String> references() {
        return Arbitraries.oneOf(tags(), digests());
    }

    @Provide
    Arbitrary<String> mediaTypes() {
        Arbitrary<String> known = Arbitraries.of(
                MediaType.OCI_MANIFEST.value(), MediaType.DOCKER_MANIFEST_LIST.value(), "text/plain", "a/b", "A/b+C");
        Arbitrary<String> words =
                Arbitraries.strings().withChars("aZ0!#$&-^_.+/").ofMinLength(1).ofMaxLength(10);
        Arbitrary<String> pairs = words.list().ofSize(2).map(list -> String.join("/", list));
        Arbitrary<String> longest = HostileText.around(253, "aB+").map(text -> "a/" + text);
        return HostileText.near(Arbitraries.oneOf(known, pairs, longest));
    }

    @Provide
    Arbitrary<String> parameters() {
        return Arbitraries.of("", ";", "; charset=utf-8", " ; a=\"b;c\"", ";;");
    }

    @Provide
    Arbitrary<String> uuids() {
        Arbitrary<String> canonical =
                Arbitraries.longs().list().ofSize(2).map(halves -> new UUID(halves.get(0), halves.get(1)).toString());
        return HostileText.near(Arbitraries.oneOf(
                canonical,
                canonical.map(text -> text.toUpperCase(Locale.ROOT)),
                Arbitraries.of("1-1-1-1-1", "00000001-0001-0001-0001-00000000001+", "--------------------")));
    }

    @Provide
    Arbitrary<String> keys() {
        Arbitrary<String> made = Arbitraries.longs().list().ofSize(2).map(halves -> BlobKey.of(
                        new UUID(halves.get(0), halves.get(1)))
                .value());
        return HostileText.near(Arbitraries.oneOf(
                made, made.map(text -> "blobs/aa/" + text.substring(9)), made.map(text -> text + "/../../x")));
    }

    private static boolean isMediaType(String text) {
        String[] names = text.split("/", -1);
        return text.length() <= 255
                && names.length == 2
                && RESTRICTED_NAME.matcher(names[0]).matches()
                && RESTRICTED_NAME.matcher(names[1]).matches();
    }

    private static void assertParsed(Optional<?> parsed, boolean valid, String text) {
        assertThat(parsed.isPresent()).as("'%s' is accepted", text).isEqualTo(valid);
        parsed.ifPresent(value -> assertThat(value).hasToString(text));
    }

    private static <T> void assertConstructed(Function<String, T> constructor, boolean valid, String text) {
        if (valid) {
            assertThat(constructor.apply(text)).hasToString(text);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> constructor.apply(text));
        }
    }
}
