package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.S3RequestsConfig;
import dev.moorage.config.StartupCheckFailed;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Opens the store that the settings name, and sees that its bucket is there. */
final class S3Connection {

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final Duration SHORTEST_WAIT_WHEN_SLOWED = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final MoorageConfig.S3 config;
    private final AwsCredentialsProvider credentials;
    private final S3Configuration service;

    S3Connection(MoorageConfig.S3 config) {
        this.config = config;
        this.credentials = config.accessKey()
                .<AwsCredentialsProvider>map(key -> StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key, config.secretKey().orElseThrow())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        // One hash over the whole part, in the signature, instead of one for every few KiB: measured, a third less
        // work.
        this.service = S3Configuration.builder().chunkedEncodingEnabled(false).build();
    }

    /**
     * The store, with its bucket.
     *
     * @param memory where parts wait
     * @throws StartupCheckFailed with one sentence that names the setting
     */
    static S3BlobStore open(MoorageConfig.S3 config, PartMemory memory) {
        S3Connection connection = new S3Connection(config);
        S3Client client = connection.client();
        try {
            connection.demandBucket(client);
        } catch (StartupCheckFailed e) {
            client.close();
            throw e;
        }
        S3Checks checks = new S3Checks();
        if (connection.mayLeaveBodiesUnsigned()) {
            checks.begin(client, config);
        }
        return new S3BlobStore(
                client,
                connection.client(),
                new S3Redirects(connection.presigner(), config),
                new S3Probe(connection::impatientClient, config.bucket().orElseThrow()),
                checks,
                config,
                memory);
    }

    /** Over TLS they are not signed anyway; the SDK's own checksums are somebody's wish. */
    private boolean mayLeaveBodiesUnsigned() {
        return config.signedBodies() == S3RequestsConfig.SignedBodies.WHERE_NEEDED
                && config.checksums() == S3RequestsConfig.Checksums.WHEN_REQUIRED
                && config.endpoint()
                        .filter(address -> "http".equals(address.getScheme()))
                        .isPresent();
    }

    private S3Client client() {
        return client(
                Apache5HttpClient.builder()
                        .connectionTimeout(config.connectTimeout())
                        .socketTimeout(config.readTimeout())
                        .maxConnections(config.maxConnections()),
                retries(config.retries() + 1));
    }

    /** Asks once, and waits a moment. */
    private S3Client impatientClient() {
        return client(
                Apache5HttpClient.builder()
                        .connectionTimeout(S3Probe.PATIENCE)
                        .socketTimeout(S3Probe.PATIENCE)
                        .maxConnections(1),
                retries(1));
    }

    private S3Client client(Apache5HttpClient.Builder connections, StandardRetryStrategy retries) {
        SdkHttpClient http = connections.expectContinueEnabled(false).build();
        boolean always = config.checksums() == S3RequestsConfig.Checksums.WHEN_SUPPORTED;
        var builder = S3Client.builder()
                .httpClient(http)
                .region(Region.of(config.region()))
                .credentialsProvider(credentials)
                .forcePathStyle(config.pathStyle())
                .serviceConfiguration(service)
                .requestChecksumCalculation(
                        always ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(
                        always ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.retryStrategy(retries));
        config.endpoint().ifPresent(builder::endpointOverride);
        if (mayLeaveBodiesUnsigned()) {
            builder.putAuthScheme(new SummedBodies());
        }
        return builder.build();
    }

    private static StandardRetryStrategy retries(int attempts) {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(attempts)
                .backoffStrategy(BackoffStrategy.exponentialDelay(SHORTEST_WAIT, LONGEST_WAIT))
                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(SHORTEST_WAIT_WHEN_SLOWED, LONGEST_WAIT))
                .build();
    }

    private S3Presigner presigner() {
        var builder = S3Presigner.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(service.toBuilder()
                        .pathStyleAccessEnabled(config.pathStyle())
                        .build());
        config.redirectEndpoint().or(config::endpoint).ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private void demandBucket(S3Client client) {
        String bucket = config.bucket().orElseThrow();
        try {
            client.headBucket(request -> request.bucket(bucket));
        } catch (S3Exception e) {
            switch (e.statusCode()) {
                case 404 -> createBucket(client, bucket);
                case 401, 403 ->
                    throw refused(
                            "may not be used with moorage.storage.s3.access-key, or with what the SDK found in its place",
                            e);
                case 301, 307 -> throw refused("is in another region than moorage.storage.s3.region", e);
                // An answer to HEAD has no body that would say which.
                case 400 ->
                    throw refused(
                            "is no name that the store takes, or is in another region than moorage.storage.s3.region",
                            e);
                default -> throw refused("cannot be looked at: the store answers " + e.statusCode(), e);
            }
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private void createBucket(S3Client client, String bucket) {
        if (!config.createBucket()) {
            throw new StartupCheckFailed(
                    "The bucket '%s' of moorage.storage.s3.bucket does not exist: make it, or let the start do so with moorage.storage.s3.create-bucket=true."
                            .formatted(bucket));
        }
        try {
            client.createBucket(request -> request.bucket(bucket));
        } catch (S3Exception e) {
            // Another replica may have made it at the same moment.
            if (e.statusCode() != 409) {
                throw refused("could not be made: the store answers " + e.statusCode(), e);
            }
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private StartupCheckFailed refused(String why, SdkException cause) {
        return new StartupCheckFailed(
                "The bucket '%s' of moorage.storage.s3.bucket %s."
                        .formatted(config.bucket().orElseThrow(), why),
                cause);
    }

    private StartupCheckFailed unreachable(SdkException cause) {
        String where = config.endpoint().map(address -> " (" + address + ")").orElse("");
        return new StartupCheckFailed(
                "The store of moorage.storage.s3.endpoint%s cannot be asked for the bucket: %s"
                        .formatted(
                                where,
                                String.valueOf(cause.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("no reason given")),
                cause);
    }
}
