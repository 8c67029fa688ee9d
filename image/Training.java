/*
 * The training run of the AOT cache: starts the program that the arguments name on the embedded database, in secured mode,
 * lets an account push and pull images, several at once, and ends the program by SIGTERM, upon which the JVM writes the cache.
 * The more images, the better the JVM knows what to compile first.
 *
 *     java Training.java java -XX:AOTCacheOutput=moorage.aot … dev.moorage.Main
 */

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

static final int IMAGES = 400;
static final int CLIENTS = 8;
static final Duration PATIENCE = Duration.ofMinutes(3);
static final String OCTETS = "application/octet-stream";
static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");

final HttpClient client = HttpClient.newHttpClient();
final SecureRandom random = new SecureRandom();
URI registry;
volatile String authorization = "";

void main(String... command) throws Exception {
    int port = freePort();
    registry = URI.create("http://127.0.0.1:" + port);
    String password = HexFormat.of().formatHex(randomBytes(16));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    int management = freePort();
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management));
    builder.environment().put("MOORAGE_DATA_DIRECTORY", Files.createTempDirectory("training").toString());
    builder.environment().put("MOORAGE_ACCESS_MODE", "secured");
    builder.environment().put("MOORAGE_ACCESS_ADMIN_PASSWORD", password);
    Process program = builder.start();
    try {
        awaitStart(program);
        expect(200, send("GET", "http://127.0.0.1:" + management + "/q/health", "", new byte[0]));
        String basic = "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        authorization = basic;
        expect(201, send("POST", "/api/v1/organizations", "application/json", "{\"name\":\"training\"}".getBytes(StandardCharsets.UTF_8)));
        for (int number = 0; number < IMAGES; number += CLIENTS) {
            authorization = basic;
            authorization = "Bearer " + token(send("GET", "/auth/token?service=moorage&scope=repository:training/image:pull,push", "", new byte[0]));
            together(number);
        }
    } finally {
        program.destroy();
        if (!program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            program.destroyForcibly();
            throw new IllegalStateException("the program did not end");
        }
    }
}

void awaitStart(Process program) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (program.isAlive() && Instant.now().isBefore(deadline)) {
        try {
            expect(401, send("GET", "/v2/", "", new byte[0]));
            return;
        } catch (java.io.IOException e) {
            Thread.sleep(50);
        }
    }
    throw new IllegalStateException("the program did not start");
}

void together(int first) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<?>> images = new ArrayList<>();
        for (int number = first; number < first + CLIENTS; number++) {
            String tag = "v" + number;
            images.add(clients.submit(() -> {
                pushAndPull("training/image", tag);
                return tag;
            }));
        }
        for (Future<?> image : images) {
            image.get();
        }
    }
}

void pushAndPull(String repository, String tag) throws Exception {
    String layer = pushBlob(repository, randomBytes(20_000), true);
    String config = pushBlob(repository, ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"" + Instant.now() + "\"}").getBytes(StandardCharsets.UTF_8), false);
    byte[] manifest = """
            {"schemaVersion": 2, "mediaType": "%s",
             "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": %d},
             "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "%s", "size": 20000}]}"""
            .formatted(MANIFEST, config, length(repository, config), layer)
            .getBytes(StandardCharsets.UTF_8);
    expect(201, send("PUT", "/v2/" + repository + "/manifests/" + tag, MANIFEST, manifest));
    expect(200, send("HEAD", "/v2/" + repository + "/manifests/" + tag, "", new byte[0]));
    expect(200, send("GET", "/v2/" + repository + "/manifests/" + tag, "", new byte[0]));
    expect(200, send("GET", "/v2/" + repository + "/blobs/" + layer, "", new byte[0]));
    expect(200, send("GET", "/v2/" + repository + "/tags/list", "", new byte[0]));
    expect(200, send("GET", "/v2/" + repository + "/referrers/" + digest(manifest), "", new byte[0]));
}

/** By a chunk and a closing request without bytes, as docker does, or by a closing request with all of them. */
String pushBlob(String repository, byte[] content, boolean chunk) throws Exception {
    String digest = digest(content);
    expect(404, send("HEAD", "/v2/" + repository + "/blobs/" + digest, "", new byte[0]));
    var begun = expect(202, send("POST", "/v2/" + repository + "/blobs/uploads/", "", new byte[0]));
    String location = begun.headers().firstValue("location").orElseThrow();
    if (chunk) {
        location = expect(202, send("PATCH", location, OCTETS, content)).headers().firstValue("location").orElseThrow();
    }
    expect(201, send("PUT", location + (location.contains("?") ? "&" : "?") + "digest=" + digest, OCTETS, chunk ? new byte[0] : content));
    return digest;
}

long length(String repository, String digest) throws Exception {
    return expect(200, send("HEAD", "/v2/" + repository + "/blobs/" + digest, "", new byte[0]))
            .headers().firstValueAsLong("content-length").orElseThrow();
}

HttpResponse<byte[]> send(String method, String where, String type, byte[] body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(registry.resolve(where))
            .timeout(PATIENCE)
            .method(method, body.length == 0 && !method.startsWith("P") ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
    if (!type.isEmpty()) {
        request.header("Content-Type", type);
    }
    if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
}

static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> response) {
    if (response.statusCode() != status) {
        throw new IllegalStateException("%s %s: %d instead of %d: %s".formatted(response.request().method(), response.uri().getPath(),
                response.statusCode(), status, new String(response.body(), StandardCharsets.UTF_8)));
    }
    return response;
}

static String token(HttpResponse<byte[]> response) {
    Matcher found = TOKEN.matcher(new String(expect(200, response).body(), StandardCharsets.UTF_8));
    if (!found.find()) {
        throw new IllegalStateException("no token in the answer");
    }
    return found.group(1);
}

byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
}

static String digest(byte[] content) throws Exception {
    return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
}

static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
    }
}
