package dev.moorage.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the registry, each of them {@code moorage.*}; the reference page is generated from this type. */
@ConfigMapping(prefix = "moorage")
public interface MoorageConfig extends ProcessConfig {

    /** The directory of the embedded database and of the blobs; relative to the working directory. */
    @WithDefault("moorage-data")
    Path dataDirectory();

    /** Who may do what. */
    Access access();

    /** How the registry is reached. */
    Http http();

    /** Tenants. */
    Organizations organizations();

    /** Upload sessions. */
    Uploads uploads();

    /** Calls to addresses that others name. */
    Outbound outbound();

    /** What can be undone, and for how long. */
    Undo undo();

    /** How what nothing keeps any more is taken away. */
    CollectionConfig collection();

    /** How webhooks are told what happened. */
    WebhooksConfig webhooks();

    /** How long the audit trail is kept. */
    AuditConfig audit();

    /** The console. */
    ConsoleConfig console();

    /** Where blobs are kept. */
    Storage storage();

    /** Who may do what. */
    interface Access {
        /** Whether everybody may do everything ({@code open}), or who has shown who he is what he was granted ({@code secured}). */
        @WithDefault("open")
        Mode mode();

        /** Serves without authentication on an address that other machines can reach; everybody there may do everything. */
        @WithDefault("false")
        boolean allowOpenOnNetwork();

        /** The password of the account {@code admin}, which the first start in secured mode makes; a random one is shown unless named. */
        Optional<String> adminPassword();

        /** What the keys that sign tokens are encrypted with, 32 characters or more; a file in the data directory unless named, which serves one replica with the embedded database only. */
        Optional<String> encryptionKey();

        /** Tokens that the registry gives. */
        Tokens tokens();

        /** How failed logins are slowed down. */
        Throttle throttle();

        /** Tokens of another token server. */
        External external();

        /** The OpenID provider by which people log in. */
        Oidc oidc();
    }

    /** Who may do what. */
    enum Mode {
        OPEN,
        SECURED
    }

    /** Tokens that the registry gives. */
    interface Tokens {
        /** How long a token is good; an hour at most. */
        @WithDefault("5m")
        Duration lifetime();

        /** How new keys sign. */
        @WithDefault("es256")
        Signature algorithm();

        /** What the registry calls itself in challenges and tokens (their audience). */
        @WithDefault("moorage")
        String service();

        /** Who tokens say has issued them. */
        @WithDefault("moorage")
        String issuer();

        /** How long a refresh token is good, as clients that log in for longer keep it. */
        @WithDefault("30d")
        Duration refreshLifetime();

        /** How long a key signs before the next one does. */
        @WithDefault("30d")
        Duration keyLifetime();

        /** How long a key that signs no more is still published and verifies. */
        @WithDefault("24h")
        Duration keyOverlap();
    }

    /** How new keys sign. */
    enum Signature {
        ES256,
        EDDSA,
        RS256
    }

    /** Tokens of another token server. */
    interface External {
        /** The token server whose tokens are taken as well, as their {@code iss} names it; what they allow is allowed. None unless named. */
        Optional<String> issuer();

        /** Where that token server publishes its keys (JWKS), {@code https://…}; needed with {@code moorage.access.external.issuer}. */
        Optional<URI> jwksUrl();

        /** For whom its tokens are, as their {@code aud} names it; {@code moorage.access.tokens.service} unless named. */
        Optional<String> audience();

        /** Where challenges send clients for tokens; the registry's own {@code /auth/token} unless named. */
        Optional<URI> realm();
    }

    /** The OpenID provider by which people log in. */
    interface Oidc {
        /** The OpenID provider by which people log in, as its tokens' {@code iss} names it, {@code https://…}. None unless named. */
        Optional<String> issuer();

        /** What the provider calls the registry; needed with {@code moorage.access.oidc.issuer}. */
        Optional<String> clientId();

        /** How the registry shows the provider that it is itself; needed with {@code moorage.access.oidc.issuer}. */
        Optional<String> clientSecret();

        /** The claim that names the account of a person who comes for the first time. */
        @WithDefault("preferred_username")
        String nameClaim();

        /** The claim that lists a person's teams, each as {@code organization/team}, which replace those of the account at each log-in; teams are left alone unless named. */
        Optional<String> groupsClaim();
    }

    /** How failed logins are slowed down. */
    interface Throttle {
        /** How many logins to one account may fail before the next has to wait. */
        @WithDefault("10")
        int accountFailures();

        /** How many logins from one address may fail before the next has to wait. */
        @WithDefault("100")
        int addressFailures();

        /** How long the first wait is; each further failure doubles it. */
        @WithDefault("1s")
        Duration firstWait();

        /** How long a wait is at most. */
        @WithDefault("15m")
        Duration longestWait();

        /** After how long without a failure those before are forgotten. */
        @WithDefault("15m")
        Duration memory();
    }

    /** How the registry is reached. */
    interface Http {
        /** The addresses by which clients know the registry, as {@code https://registry.example.com}; the first is told to whoever comes by another, and in open mode whoever comes by another name is refused. Those of the machine itself unless named. */
        Optional<List<URI>> hosts();

        /** The networks of proxies, as {@code 10.0.0.0/8}, whose {@code X-Forwarded-For} says where a request comes from; nobody's is believed unless named. */
        Optional<List<String>> trustedProxies();

        /** Writes a line into the log for each request, with its path and who made it; never a query, a header or a token. */
        @WithDefault("false")
        boolean accessLog();

        /** How many requests one caller may make of one replica; each replica counts for itself. */
        Limits limits();

        /** TLS that the program speaks itself. */
        TlsConfig tls();
    }

    /** How many requests one caller may make of one replica. */
    interface Limits {
        /** How many requests a minute each account, robot and CI job may make of one replica; as many as they like unless named. */
        Optional<Integer> callerPerMinute();

        /** How many requests a minute all those without credentials, and in open mode everybody, may make of one replica from one IPv4 address or IPv6 network of 64 bits; as many as they like unless named. */
        Optional<Integer> networkPerMinute();

        /** How many bytes of a body must come each second on average; a client that sends fewer uses up {@code moorage.http.limits.body-patience}. */
        @WithDefault("1024")
        int slowestBody();

        /** How long the registry waits in all for the bytes of a body that comes too slowly or not at all; then the request ends, and an upload can be continued. */
        @WithDefault("60s")
        Duration bodyPatience();
    }

    /** Tenants. */
    interface Organizations {
        /** Creates an organization on the first push to one of its repositories, by an administrator in secured mode; {@code true} in open mode and {@code false} in secured mode unless named. */
        Optional<Boolean> autoCreate();
    }

    /** Calls to addresses that others name, as the issuers of CI jobs' tokens. */
    interface Outbound {
        /** Private networks that may be called, as {@code 10.1.0.0/16} or {@code fd12::/16}, and without TLS too; only public addresses, by https, unless named. */
        Optional<List<String>> allowedNetworks();
    }

    /** Upload sessions. */
    interface Uploads {
        /** How long an upload session is kept after its last byte. */
        @WithDefault("24h")
        Duration expiry();

        /** How many bodies may stream in at once; each takes some 200 KiB of memory, and to S3 one or two parts besides. */
        @WithDefault("256")
        int concurrent();

        /** How many uploads an organization may have open at once; one that its client left counts until it expires. */
        @WithDefault("1000")
        int openPerOrganization();

        /** How many bytes go between two durable points of one long request. */
        @WithDefault("33554432")
        long resumePointBytes();

        /** How much memory the parts of all uploads to S3 may take, in bytes; two fifths of the greatest heap unless named, half of it at most. */
        Optional<Long> bytesInFlight();

        /** How often expired sessions and removed objects are looked for. */
        @WithDefault("60s")
        Duration reaperInterval();

        /** How often the store is searched for multipart uploads that no row knows. */
        @WithDefault("1h")
        Duration sweepInterval();

        /** How long the object of a removed blob or upload stays before its bytes go; at least the lag of any standby. */
        @WithDefault("1h")
        Duration removalDelay();
    }

    /** What can be undone, and for how long. */
    interface Undo {
        /** How long a deleted or overwritten thing can be brought back. */
        @WithDefault("7d")
        Duration window();
    }

    /** Where blobs are kept. */
    interface Storage {
        /** What keeps the bytes of blobs: a directory, or a bucket of an S3-compatible store. */
        @WithDefault("directory")
        StorageType type();

        /** The directory of the blobs; the data directory unless named. */
        Optional<Path> directory();

        /** Blobs of up to so many bytes are kept in the database, where they cost neither a file nor a request to the store; 0 for none. */
        @WithDefault("32768")
        int rowsUpTo();

        /** The bucket of an S3-compatible store. */
        S3 s3();
    }

    /** What keeps the bytes of blobs. */
    enum StorageType {
        DIRECTORY,
        S3
    }

    /** The bucket of an S3-compatible store. */
    interface S3 extends S3RequestsConfig, S3Redirects {
        /** The address of the store, {@code http://host:port}; Amazon's own for the region unless named. */
        Optional<URI> endpoint();

        /** The region of the bucket; most stores but Amazon's take any. */
        @WithDefault("us-east-1")
        String region();

        /** The bucket; needed with {@code moorage.storage.type=s3}. */
        Optional<String> bucket();

        /** What the keys of all objects begin with, as {@code registry/}. */
        Optional<String> prefix();

        /** Makes the bucket at the start where it is absent. */
        @WithDefault("false")
        boolean createBucket();

        /** The access key; without it the SDK looks where it always does (environment, web identity, instance role). */
        Optional<String> accessKey();

        /** The secret of the access key. */
        Optional<String> secretKey();

        /** How many bytes a part of a large blob has; the largest blob is 10,000 parts, for announced lengths more. */
        @WithDefault("16777216")
        long partSize();

        /** The store's own encryption of each object. */
        @WithDefault("none")
        Encryption serverSideEncryption();

        /** The key for {@code aws-kms}; the bucket's own unless named. */
        Optional<String> kmsKeyId();
    }

    /** Which downloads an S3-compatible store serves itself. */
    interface S3Redirects {
        /** Which downloads are sent to the store itself by a signed address instead of passing through the registry. */
        @WithDefault("never")
        Redirects redirect();

        /** From how many bytes on a blob is large, for {@code moorage.storage.s3.redirect=large}. */
        @WithDefault("16777216")
        long redirectAbove();

        /** How long a signed address is good; five minutes at most. */
        @WithDefault("60s")
        Duration redirectLifetime();

        /** The address of the store for clients; {@code moorage.storage.s3.endpoint} unless named. */
        Optional<URI> redirectEndpoint();
    }

    /** The store's own encryption of objects. */
    enum Encryption {
        NONE,
        AES256,
        AWS_KMS
    }

    /** Which downloads are sent to the store. */
    enum Redirects {
        NEVER,
        LARGE,
        ALWAYS
    }
}
