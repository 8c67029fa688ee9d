package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Ports;
import dev.moorage.testing.Prepared;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request;
import dev.moorage.testing.S3Request.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged program at its start on a bucket, and what its settings of the bucket make it send. */
class S3StartIT {

    private static final String BUCKET = "blobs";
    private static final String SECRET = BucketSettings.SECRET_KEY;
    private static final String NAME = "moorage.storage.s3.";
    private static final int PART = 5 << 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temporary;

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private Path data;

    @BeforeEach
    void prepare() throws IOException {
        data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        Prepared.fill(data);
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void anAbsentBucketStopsTheStart() throws Exception {
        assertRefused("moorage.storage.s3.bucket", option("bucket", "elsewhere"), access(), secret(), endpoint());
        assertThat(fake.hasBucket("elsewhere")).isFalse();
    }

    @Test
    void aForbiddenBucketStopsTheStart() throws Exception {
        assertRefused(
                "moorage.storage.s3.access-key",
                option("bucket", BUCKET),
                option("access-key", "somebody"),
                secret(),
                endpoint());
    }

    @Test
    void aBucketNameThatTheStoreDoesNotTakeIsNoMatterOfRegionsAlone() throws Exception {
        fake.times(10, Operation.HEAD_BUCKET, new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 400, "InvalidBucketName"));
        assertRefused("is no name that the store takes", option("bucket", "p1"), access(), secret(), endpoint());
    }

    @Test
    void aBucketThatMayNotBeMadeStopsTheStart() throws Exception {
        fake.once(Operation.CREATE_BUCKET, new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 403, "AccessDenied"));
        assertRefused(
                "moorage.storage.s3.bucket",
                option("bucket", "elsewhere"),
                option("create-bucket", "true"),
                access(),
                secret(),
                endpoint());
    }

    @Test
    void aStoreThatCannotBeReachedStopsTheStart() throws Exception {
        int nobody = Ports.free();
        assertRefused(
                "moorage.storage.s3.endpoint",
                option("bucket", BUCKET),
                option("endpoint", "http://127.0.0.1:" + nobody),
                access(),
                secret());
    }

    @Test
    void aBucketWithoutANameStopsTheStart() throws Exception {
        assertRefused("moorage.storage.s3.bucket", access(), secret(), endpoint());
    }

    @Test
    void oneKeyWithoutTheOtherStopsTheStart() throws Exception {
        assertRefused("moorage.storage.s3.access-key", option("bucket", BUCKET), secret(), endpoint());
        assertRefused("moorage.storage.s3.secret-key", option("bucket", BUCKET), access(), endpoint());
    }

    @ParameterizedTest
    @CsvSource({
        "part-size, 16MB",
        "redirect, sometimes",
        "endpoint, http://user:password@127.0.0.1:9000",
        "server-side-encryption, rot13"
    })
    void aSettingThatCannotBeMeantStopsTheStart(String setting, String value) throws Exception {
        assertRefused(NAME + setting, option("bucket", BUCKET), access(), secret(), endpoint(), option(setting, value));
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void partsThatTheHeapDoesNotHoldStopTheStart() throws Exception {
        assertRefused(
                NAME + "part-size",
                "-Xmx128m",
                option("bucket", BUCKET),
                access(),
                secret(),
                endpoint(),
                option("part-size", "67108864"));
        assertRefused(
                "moorage.uploads.bytes-in-flight",
                "-Xmx128m",
                option("bucket", BUCKET),
                access(),
                secret(),
                endpoint(),
                "-Dmoorage.uploads.bytes-in-flight=134217728");
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void withoutKeysTheWebIdentityOfTheEnvironmentIsTaken() throws Exception {
        Path token = Files.writeString(temporary.resolve("token"), "the cluster's word");
        HttpServer identities = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> asked = new AtomicReference<>("");
        identities.createContext("/", exchange -> {
            asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = """
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                      <AssumeRoleWithWebIdentityResult>
                        <Credentials>
                          <AccessKeyId>%s</AccessKeyId>
                          <SecretAccessKey>%s</SecretAccessKey>
                          <SessionToken>for this session</SessionToken>
                          <Expiration>2099-01-01T00:00:00Z</Expiration>
                        </Credentials>
                      </AssumeRoleWithWebIdentityResult>
                    </AssumeRoleWithWebIdentityResponse>
                    """.formatted(FakeS3.ACCESS_KEY, SECRET).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        identities.start();
        Map<String, String> environment = Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::123456789012:role/registry",
                "AWS_REGION",
                "us-east-1",
                "AWS_ENDPOINT_URL_STS",
                "http://127.0.0.1:" + identities.getAddress().getPort());
        try (Program program =
                Program.start(data, environment, "-Dmoorage.storage.type=s3", option("bucket", BUCKET), endpoint())) {
            assertThat(program.awaitBlock()).contains("is ready");
            assertThat(program.terminate().output()).doesNotContain(SECRET);
        } finally {
            identities.stop(0);
        }
        assertThat(asked.get()).contains("AssumeRoleWithWebIdentity", "WebIdentityToken=the");
    }

    @Test
    void aBucketIsMadeWhereTheSettingSaysSoAndKeysBeginWithThePrefix() {
        MoorageProcess.Settings settings = BucketSettings.of(fake, "made")
                .property(NAME + "create-bucket", "true")
                .property(NAME + "prefix", "registry/eu/")
                .property(NAME + "part-size", Integer.toString(PART))
                .property(NAME + "server-side-encryption", "aes256");
        try (MoorageProcess program = MoorageProcess.start("s3-made", settings)) {
            assertThat(fake.hasBucket("made")).isTrue();

            pushSmallAndLarge(program.client().newRepository());

            assertThat(fake.objects("made").keySet()).hasSize(2).allSatisfy(key -> assertThat(key)
                    .startsWith("registry/eu/blobs/"));
            assertThat(begun()).hasSize(2).allSatisfy(request -> {
                assertThat(request.header("x-amz-server-side-encryption")).hasValue("AES256");
                assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                        .isEmpty();
            });
            assertThat(program.output()).doesNotContain(SECRET);
        }
    }

    @Test
    void everyObjectIsEncryptedWithTheKeyThatTheSettingNames() {
        MoorageProcess.Settings settings = BucketSettings.of(fake, BUCKET)
                .property(NAME + "part-size", Integer.toString(PART))
                .property(NAME + "server-side-encryption", "aws-kms")
                .property(NAME + "kms-key-id", "alias/blobs");
        try (MoorageProcess program = MoorageProcess.start("s3-kms", settings)) {
            pushSmallAndLarge(program.client().newRepository());

            assertThat(begun()).hasSize(2).allSatisfy(request -> {
                assertThat(request.header("x-amz-server-side-encryption")).hasValue("aws:kms");
                assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                        .hasValue("alias/blobs");
            });
        }
    }

    /** The requests that begin an object: the store asks for the encryption there. */
    private List<S3Request> begun() {
        return Stream.of(Operation.PUT_OBJECT, Operation.CREATE_UPLOAD)
                .flatMap(operation -> fake.requests(operation).stream())
                .toList();
    }

    private static void pushSmallAndLarge(RepositoryClient repository) {
        for (int size : List.of(1000, PART + 1000)) {
            Content blob = ImageFactory.fresh().blob(size);
            repository.pushBlob(blob.digest(), blob.bytes());
            repository.assertBlob(blob.digest(), blob.bytes());
        }
    }

    private static String option(String name, String value) {
        return "-D" + NAME + name + "=" + value;
    }

    private static String access() {
        return option("access-key", FakeS3.ACCESS_KEY);
    }

    private static String secret() {
        return option("secret-key", SECRET);
    }

    private String endpoint() {
        return option("endpoint", fake.endpoint().toString());
    }

    private void assertRefused(String named, String... options) throws Exception {
        String[] all = Stream.concat(Stream.of("-Dmoorage.storage.type=s3"), Stream.of(options))
                .toArray(String[]::new);
        try (Program program = Program.start(data, Map.of(), all)) {
            Program.Ended refused = program.awaitEnd();
            assertThat(refused.exitCode()).isOne();
            assertThat(refused.output()).isEmpty();
            assertThat(refused.errors().lines())
                    .singleElement()
                    .asString()
                    .contains(named)
                    .doesNotContain(SECRET, "password@", "Exception", "SRCFG");
            assertThat(new DataDirectory(data).pidFile()).doesNotExist();
        }
    }
}
