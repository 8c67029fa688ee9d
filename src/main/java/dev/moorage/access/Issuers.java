package dev.moorage.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.moorage.name.OrganizationId;
import dev.moorage.outbound.OutboundHttp;
import dev.moorage.outbound.OutboundHttp.Bounds;
import dev.moorage.outbound.OutboundHttp.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * Fetches what issuers of tokens publish: their keys (RFC 7517, section 5), and where those are (OpenID Connect Discovery,
 * section 4).
 */
@ApplicationScoped
class Issuers {

    private static final Logger LOG = Logger.getLogger(Issuers.class);
    private static final Bounds BOUNDS = new Bounds(256 << 10, Duration.ofSeconds(5));
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int REMEMBERED = 256;
    private static final int MOST_KEYS = 100;
    private static final int OK = 200;

    // Of the calls that all organizations' issuers share; one that waits longer than a call takes is refused.
    private static final int AT_ONCE = 2;

    /** Keys are flat; what a key is described with besides may be a little deeper. */
    private static final int MOST_DEPTH = 16;

    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerForMapOf(Object.class);

    private final OutboundHttp http;
    private final InstantSource time;
    private final Shares<OrganizationId> shares = new Shares<>(AT_ONCE, BOUNDS.time());
    private final Remembered<String, PublishedKeys> discovered = new Remembered<>(REMEMBERED);

    Issuers(OutboundHttp http, InstantSource time) {
        this.http = http;
        this.time = time;
    }

    /** The keys that are published at an address. */
    PublishedKeys keysAt(URI address) {
        return new PublishedKeys(() -> keys(address), time);
    }

    /**
     * The keys of an issuer, wherever it says that they are; the same for everybody who trusts it, and fetched on the share of
     * whoever needs them: whose issuers are slow keeps nobody else's from being asked.
     */
    Keys keysOf(OrganizationId organization, String issuer) {
        PublishedKeys keys = keysOf(issuer);
        return (kid, algorithm) -> keys.find(kid, algorithm, work -> shares.within(organization, work));
    }

    private PublishedKeys keysOf(String issuer) {
        return discovered.get(issuer).orElseGet(() -> {
            PublishedKeys keys = new PublishedKeys(() -> discover(issuer).flatMap(this::keys), time);
            discovered.put(issuer, keys);
            return keys;
        });
    }

    private Optional<URI> discover(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return uri(base + DISCOVERY)
                .flatMap(this::json)
                // Who answers for another one's name is nobody.
                .filter(found -> issuer.equals(found.get("issuer")))
                .flatMap(found -> found.get("jwks_uri") instanceof String text ? uri(text) : Optional.empty());
    }

    private Optional<List<JsonWebKey>> keys(URI address) {
        return json(address)
                .flatMap(found -> found.get("keys") instanceof List<?> keys ? Optional.of(keys) : Optional.empty())
                .map(Issuers::keys);
    }

    private static List<JsonWebKey> keys(List<?> published) {
        List<JsonWebKey> keys = new ArrayList<>();
        for (Object key : published.subList(0, Math.min(published.size(), MOST_KEYS))) {
            if (key instanceof Map<?, ?> fields) {
                read(fields).ifPresent(keys::add);
            }
        }
        return keys;
    }

    /** A key of a kind that is not known here is left out: the others are good all the same. */
    private static Optional<JsonWebKey> read(Map<?, ?> fields) {
        try {
            return Optional.of(JsonWebKey.Factory.newJwk(named(fields)));
        } catch (JoseException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> named(Map<?, ?> fields) {
        Map<String, Object> named = new HashMap<>();
        fields.forEach((name, value) -> named.put((String) name, value));
        return named;
    }

    private Optional<Map<String, Object>> json(URI address) {
        return switch (http.get(address, BOUNDS)) {
            case Outcome.Answer(int status, String text) when status == OK -> parse(text);
            case Outcome.Answer(int status, String _) -> unusable("status " + status);
            case Outcome.Refused(String because) -> unusable(because);
            case Outcome.Failed(String because) -> unusable(because);
            case Outcome.Busy(String because) -> unusable(because);
        };
    }

    private static Optional<Map<String, Object>> parse(String text) {
        try {
            return Optional.ofNullable(JSON.readValue(text));
        } catch (JsonProcessingException _) {
            return unusable("no JSON");
        }
    }

    private static <T> Optional<T> unusable(String because) {
        LOG.warnf("An issuer of tokens does not say which keys it has: %s", because);
        return Optional.empty();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
