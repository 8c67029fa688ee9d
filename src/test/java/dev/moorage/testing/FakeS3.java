package dev.moorage.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.moorage.testing.FakeBucket.Answer;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request.Operation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** An S3 server on loopback that keeps everything in memory and does wrong what a test tells it to. */
public final class FakeS3 implements AutoCloseable {

    /** The key that it lets in; every other one is refused. */
    public static final String ACCESS_KEY = "fake-access";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, FakeBucket> buckets = new ConcurrentHashMap<>();
    private final List<S3Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Rule> rules = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
    private volatile BiPredicate<Moment, S3Request> crash = (moment, request) -> false;
    private final FakeBucket checks = new FakeBucket();
    private final List<S3Request> checkRequests = new CopyOnWriteArrayList<>();
    private volatile boolean checksSums;
    private volatile Function<S3Request, Optional<Answer>> checkFault = _ -> Optional.empty();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private record Rule(Predicate<S3Request> when, S3Fault fault) {}

    /** What a request does to the bucket. */
    private interface Effect {
        Answer happen();

        default void unheard() {
            Answer nobodyHearsIt = happen();
            assert nobodyHearsIt != null;
        }
    }

    private FakeS3(HttpServer server) {
        this.server = server;
    }

    /** Starts a server without any bucket, on a port that the system chooses. */
    public static FakeS3 start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            FakeS3 fake = new FakeS3(server);
            server.createContext("/", fake::handle);
            server.setExecutor(fake.threads);
            server.start();
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with one empty bucket. */
    public static FakeS3 with(String bucket) {
        FakeS3 fake = start();
        fake.buckets.put(bucket, new FakeBucket());
        return fake;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Does this with the next request of this kind, once; calls add up. */
    public void once(Operation operation, S3Fault fault) {
        rules.add(new Rule(request -> request.operation() == operation, fault));
    }

    /** Does this with the next request that is meant, once. */
    public void once(Predicate<S3Request> when, S3Fault fault) {
        rules.add(new Rule(when, fault));
    }

    /** Does this with the next requests of this kind, as often as is said. */
    public void times(int number, Operation operation, S3Fault fault) {
        for (int i = 0; i < number; i++) {
            once(operation, fault);
        }
    }

    /** Does nothing wrong any more. */
    public void heal() {
        rules.clear();
        crash = (moment, request) -> false;
    }

    /** Asks before and after each effect whether the connection is to break just then. */
    public void crashWhen(BiPredicate<Moment, S3Request> crash) {
        this.crash = crash;
    }

    /** The time at which uploads begin from now on. */
    public void setTime(Instant time) {
        now = time;
    }

    /** Does what {@link S3Fault.Late} put off. */
    public void landLate() {
        while (!late.isEmpty()) {
            late.remove().run();
        }
    }

    /** What is kept in a bucket. */
    public NavigableMap<String, byte[]> objects(String bucket) {
        return buckets.get(bucket).objects();
    }

    /** What marks a bucket as a registry's, by the whole key; {@link #objects} is without it. */
    public NavigableMap<String, byte[]> marks(String bucket) {
        return buckets.get(bucket).marks();
    }

    /** The keys of unfinished uploads. */
    public List<String> uploads(String bucket) {
        return buckets.get(bucket).uploadKeys();
    }

    /** Begins an upload that no program knows of. */
    public void begin(String bucket, String key) {
        buckets.get(bucket).create(key, now);
    }

    public boolean hasBucket(String bucket) {
        return buckets.containsKey(bucket);
    }

    /** All requests so far, those that failed included. */
    public List<S3Request> requests() {
        return List.copyOf(requests);
    }

    public void forgetRequests() {
        requests.clear();
    }

    /** The requests of a kind so far, those that failed included. */
    public List<S3Request> requests(Operation operation) {
        return requests.stream()
                .filter(request -> request.operation() == operation)
                .toList();
    }

    /** The kinds of the requests so far that change what is stored. */
    public List<Operation> writes() {
        return requests.stream()
                .map(S3Request::operation)
                .filter(Operation::writes)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            S3Request request = S3Request.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestHeaders());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (isMark(request)) {
                handleMark(exchange, request, body);
                return;
            }
            if (isCheck(request)) {
                checkRequests.add(request);
                Answer answer = effect(exchange, request, body, Optional.empty());
                write(exchange, request, checkFault.apply(request).orElse(answer), Optional.empty());
                return;
            }
            requests.add(request);
            Optional<S3Fault> fault = takeFault(request);
            if (fault.orElse(null) instanceof S3Fault.Silence silence) {
                silence.until().await();
                return;
            }
            if (fault.orElse(null) instanceof S3Fault.Held held) {
                held.until().await();
            }
            if (crash.test(Moment.BEFORE_THE_EFFECT, request)) {
                return;
            }
            serve(exchange, request, body, fault);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the CRC-32C of bodies from now on, as stores do; else it reads over it. */
    public FakeS3 checkingSums() {
        checksSums = true;
        return this;
    }

    /** The requests of programs that look whether sums are checked; they are counted nowhere else, and take no fault. */
    public List<S3Request> checkRequests() {
        return List.copyOf(checkRequests);
    }

    /** Refuses such requests of a kind, after their effect. */
    public void refuseChecks(Operation operation, int status) {
        checkFault = request ->
                request.operation() == operation ? Optional.of(Answer.refusal(status, "Refused")) : Optional.empty();
    }

    /** Answers such requests of a kind when the latch opens. */
    public void holdChecks(Operation operation, CountDownLatch until) {
        checkFault = request -> {
            if (request.operation() == operation) {
                try {
                    until.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.empty();
        };
    }

    /** What such requests have left. */
    public List<String> leftByChecks() {
        return Stream.concat(checks.objects().keySet().stream(), checks.uploadKeys().stream())
                .toList();
    }

    private static boolean isCheck(S3Request request) {
        return request.key().contains("blobs.check/");
    }

    private static boolean isMark(S3Request request) {
        return request.key().endsWith("blobs.marker");
    }

    /** Housekeeping may ask for it at any moment: it is counted nowhere, and takes no fault that is meant for others. */
    private void handleMark(HttpExchange exchange, S3Request request, byte[] body) throws IOException {
        if (crash.test(Moment.BEFORE_THE_EFFECT, request)) {
            return;
        }
        Answer answer = check(exchange, request, body).orElseGet(() -> {
            NavigableMap<String, byte[]> marks = buckets.get(request.bucket()).marks();
            return switch (request.operation()) {
                case PUT_OBJECT -> {
                    marks.put(request.key(), body);
                    yield new Answer(200, new byte[0], Optional.of(FakeBucket.md5(body)));
                }
                case GET_OBJECT ->
                    Optional.ofNullable(marks.get(request.key()))
                            .map(bytes -> new Answer(200, bytes, Optional.of(FakeBucket.md5(bytes))))
                            .orElseGet(() -> Answer.refusal(404, "NoSuchKey"));
                default -> Answer.refusal(405, "MethodNotAllowed");
            };
        });
        write(exchange, request, answer, Optional.empty());
    }

    private Optional<S3Fault> takeFault(S3Request request) {
        Optional<Rule> rule =
                rules.stream().filter(one -> one.when().test(request)).findFirst();
        rule.ifPresent(rules::remove);
        return rule.map(Rule::fault);
    }

    private void serve(HttpExchange exchange, S3Request request, byte[] sent, Optional<S3Fault> fault)
            throws IOException {
        byte[] body = fault.orElse(null) instanceof S3Fault.FlippedOnArrival ? flipped(sent) : sent;
        Effect effect = () -> effect(exchange, request, body, fault);
        switch (fault.orElse(null)) {
            case S3Fault.Refusal(Moment moment, int status, String code) -> {
                if (moment == Moment.AFTER_THE_EFFECT) {
                    effect.unheard();
                }
                write(exchange, request, Answer.refusal(status, code), fault);
            }
            case S3Fault.Reset(Moment moment) -> {
                if (moment == Moment.AFTER_THE_EFFECT) {
                    effect.unheard();
                }
            }
            case S3Fault.Late _ -> late.add(effect::unheard);
            case null, default -> {
                Answer answer = effect.happen();
                if (!crash.test(Moment.AFTER_THE_EFFECT, request)) {
                    write(exchange, request, answer, fault);
                }
            }
        }
    }

    private Answer effect(HttpExchange exchange, S3Request request, byte[] arrived, Optional<S3Fault> fault) {
        Optional<Answer> refusal = check(exchange, request, arrived);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        byte[] body = fault.orElse(null) instanceof S3Fault.FlippedInStore ? flipped(arrived) : arrived;
        FakeBucket bucket = isCheck(request) ? checks : buckets.get(request.bucket());
        String id = request.query().getOrDefault("uploadId", "");
        return switch (request.operation()) {
            case HEAD_BUCKET -> Answer.done();
            case CREATE_BUCKET -> {
                buckets.putIfAbsent(request.bucket(), new FakeBucket());
                yield Answer.done();
            }
            case LIST_OBJECTS -> bucket.listObjects(request.query());
            case LIST_UPLOADS -> bucket.listUploads(request.query());
            case PUT_OBJECT -> bucket.put(request.key(), body);
            case GET_OBJECT, HEAD_OBJECT ->
                Optional.ofNullable(bucket.objects().get(request.key()))
                        .map(bytes -> new Answer(200, bytes, Optional.of(FakeBucket.md5(bytes))))
                        .orElseGet(() -> Answer.refusal(404, "NoSuchKey"));
            case DELETE_OBJECT -> {
                bucket.objects().remove(request.key());
                yield Answer.gone();
            }
            case CREATE_UPLOAD -> bucket.create(request.key(), now);
            case UPLOAD_PART -> bucket.part(request.key(), id, request.partNumber(), body);
            case COMPLETE_UPLOAD -> bucket.complete(request.key(), id, body);
            case ABORT_UPLOAD -> bucket.abort(id);
            case LIST_PARTS -> Answer.refusal(501, "NotImplemented");
        };
    }

    private Optional<Answer> check(HttpExchange exchange, S3Request request, byte[] body) {
        String credential = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("Credential=" + request.query().getOrDefault("X-Amz-Credential", ""));
        if (!credential.contains("Credential=" + ACCESS_KEY + "/")) {
            return Optional.of(Answer.refusal(403, "InvalidAccessKeyId"));
        }
        String sha256 = Optional.ofNullable(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"))
                .orElse("");
        if (sha256.length() == 64 && !sha256.equals(FakeBucket.hex("SHA-256", body))) {
            return Optional.of(Answer.refusal(400, "XAmzContentSHA256Mismatch"));
        }
        String sum = exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32c");
        if (checksSums && sum != null && !sum.equals(FakeBucket.crc32c(body))) {
            return Optional.of(Answer.refusal(400, "BadDigest"));
        }
        boolean absent = request.operation() != Operation.CREATE_BUCKET && !hasBucket(request.bucket());
        return absent ? Optional.of(Answer.refusal(404, "NoSuchBucket")) : Optional.empty();
    }

    private static void write(HttpExchange exchange, S3Request request, Answer answer, Optional<S3Fault> fault)
            throws IOException {
        boolean wrong = fault.orElse(null) instanceof S3Fault.WrongTag;
        answer.tag().ifPresent(tag -> exchange.getResponseHeaders()
                .set("ETag", '"' + (wrong ? FakeBucket.md5(new byte[] {1}) : tag) + '"'));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (answer.status() == 200 && request.operation() == Operation.GET_OBJECT) {
            writeObject(exchange, request, answer.body(), fault);
        } else if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private static void writeObject(HttpExchange exchange, S3Request request, byte[] bytes, Optional<S3Fault> fault)
            throws IOException {
        String type = request.query().getOrDefault("response-content-type", "binary/octet-stream");
        exchange.getResponseHeaders().set("Content-Type", type);
        Optional.ofNullable(request.query().get("response-content-disposition"))
                .ifPresent(text -> exchange.getResponseHeaders().set("Content-Disposition", text));
        byte[] part = bytes;
        int status = 200;
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null) {
            String[] ends = range.substring("bytes=".length()).split("-", 2);
            int first = Integer.parseInt(ends[0]);
            if (first >= bytes.length) {
                write(exchange, request, Answer.refusal(416, "InvalidRange"), Optional.empty());
                return;
            }
            part = Arrays.copyOfRange(bytes, first, Math.min(bytes.length, Integer.parseInt(ends[1]) + 1));
            status = 206;
        }
        byte[] sent = fault.orElse(null) instanceof S3Fault.FlippedAnswer ? flipped(part) : part;
        exchange.sendResponseHeaders(status, sent.length == 0 ? -1 : sent.length);
        int length = fault.orElse(null) instanceof S3Fault.CutAnswer ? sent.length / 2 : sent.length;
        OutputStream out = exchange.getResponseBody();
        out.write(sent, 0, length);
        out.flush();
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        if (changed.length > 0) {
            changed[changed.length / 2] ^= 1;
        }
        return changed;
    }

    /** The keys of everything in a bucket: objects, then unfinished uploads. */
    public List<String> everything(String bucket) {
        List<String> all = new ArrayList<>(objects(bucket).keySet());
        uploads(bucket).forEach(key -> all.add("unfinished " + key));
        return all;
    }
}
