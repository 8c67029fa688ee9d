package dev.moorage.administration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.TrustedIssuerListStore;
import dev.moorage.metadata.TrustedIssuerListStore.Row;
import dev.moorage.metadata.TrustedIssuerListStore.State;
import dev.moorage.metadata.TrustedIssuerListStore.Trust;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says which issuers' tokens for CI jobs an organization takes, for its owners. */
@ApplicationScoped
public class TrustedIssuerService {

    /** How many issuers one organization trusts at most: each is called when a job shows a token of it. */
    public static final int MOST = 50;

    private static final int MAX_CLAIMS = 32;
    private static final int LONGEST_CLAIM = 255;
    private static final TypeReference<Map<String, String>> CLAIMS = new TypeReference<>() {};

    private final Management management;
    private final TrustedIssuerListStore issuers;
    private final ObjectMapper json;

    TrustedIssuerService(Management management, TrustedIssuerListStore issuers, ObjectMapper json) {
        this.management = management;
        this.issuers = issuers;
        this.json = json;
    }

    /** What is to be trusted. */
    public record Wanted(String issuer, String audience, Map<String, String> claims) {

        /** Keeps its own copy of the claims. */
        public Wanted {
            claims = Map.copyOf(claims);
        }
    }

    /** What is to be changed; what is empty stays. */
    public record Change(
            Optional<String> issuer,
            Optional<String> audience,
            Optional<Map<String, String>> claims,
            Optional<Boolean> enabled) {}

    /** The issuers that the organization trusts. */
    public Listing<TrustedIssuer> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) ->
                        issuers.page(tx, management.owned(tx, powers, organization), asked.after(), asked.rows()));
        return Listing.of(rows, asked, this::view, Row::name);
    }

    /** Trusts an issuer. */
    public TrustedIssuer create(Grant grant, OrganizationName organization, String name, Wanted wanted) {
        Texts.name(name);
        Trust trust = trust(wanted, State.ENABLED);
        AuditSubject subject = AuditSubject.of(AuditAction.TRUSTED_ISSUER_CREATE, organization, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("issuer", wanted.issuer())
                    .with("audience", wanted.audience())
                    .with("claims", wanted.claims());
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            // Behind the lock: nobody else makes one meanwhile.
            if (issuers.count(tx, id) >= MOST) {
                throw new Conflict("there are as many trusted issuers as there may be", Map.of("limit", MOST));
            }
            return issuers.insert(tx, id, name, trust)
                    .map(this::view)
                    .orElseThrow(() -> new Conflict("there is a trusted issuer " + name));
        });
    }

    /** A trusted issuer. */
    public TrustedIssuer get(Grant grant, OrganizationName organization, String name) {
        return management.read(
                grant, (tx, powers) -> view(issuer(tx, management.owned(tx, powers, organization), name)));
    }

    /** Changes what is trusted, which ends the tokens that rest on it. */
    public TrustedIssuer change(Grant grant, OrganizationName organization, String name, Change change) {
        AuditSubject subject = AuditSubject.of(AuditAction.TRUSTED_ISSUER_CHANGE, organization, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row row = issuer(tx, id, name);
            TrustedIssuer now = view(row);
            Wanted wanted = new Wanted(
                    change.issuer().orElse(now.issuer()),
                    change.audience().orElse(now.audience()),
                    change.claims().orElse(now.claims()));
            State state = change.enabled()
                    .map(enabled -> enabled ? State.ENABLED : State.DISABLED)
                    .orElse(row.trust().state());
            issuers.change(tx, id, row.id(), trust(wanted, state));
            audit.changed("issuer", now.issuer(), wanted.issuer())
                    .changed("audience", now.audience(), wanted.audience())
                    .changed("claims", now.claims(), wanted.claims())
                    .changed("enabled", now.enabled(), state == State.ENABLED);
            return view(issuer(tx, id, name));
        });
    }

    /** Trusts an issuer no more. */
    public void delete(Grant grant, OrganizationName organization, String name) {
        AuditSubject subject = AuditSubject.of(AuditAction.TRUSTED_ISSUER_DELETE, organization, name);
        management.change(grant, subject, (tx, powers, _) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            issuers.delete(tx, id, issuer(tx, id, name).id());
            return true;
        });
    }

    private Row issuer(Transaction transaction, OrganizationId organization, String name) {
        return Texts.found("trusted issuer", name, text -> issuers.find(transaction, organization, text));
    }

    private Trust trust(Wanted wanted, State state) {
        boolean fits = wanted.claims().size() <= MAX_CLAIMS
                && wanted.claims().entrySet().stream()
                        .allMatch(claim -> isShort(claim.getKey()) && isShort(claim.getValue()));
        if (!fits || wanted.claims().isEmpty()) {
            throw new Invalid("claims", "claims are 1 to 32 names with patterns, each of 1 to 255 characters");
        }
        if (wanted.claims().values().stream().allMatch(TrustedIssuerService::matchesAnything)) {
            throw new Invalid(
                    "claims", "one of the patterns at least names something: else every job of the issuer is let in");
        }
        if (!isIssuer(wanted.issuer())) {
            throw new Invalid("issuer", "an issuer is an address as https://token.example.com, as its tokens name it");
        }
        return new Trust(
                Texts.address("issuer", wanted.issuer()),
                Texts.address("audience", wanted.audience()),
                text(wanted.claims()),
                state);
    }

    private static boolean matchesAnything(String pattern) {
        return pattern.chars().allMatch(c -> c == '*' || c == '?');
    }

    /** What it publishes is looked for below it (OpenID Connect Discovery, section 4). */
    private static boolean isIssuer(String text) {
        try {
            URI address = new URI(text);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean isShort(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_CLAIM && text.chars().noneMatch(Character::isISOControl);
    }

    private TrustedIssuer view(Row row) {
        try {
            return new TrustedIssuer(
                    row.name(),
                    row.trust().issuer(),
                    row.trust().audience(),
                    json.readValue(row.trust().claimPatterns(), CLAIMS),
                    row.trust().state() == State.ENABLED,
                    row.createdAt());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(Map<String, String> claims) {
        try {
            return json.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
