package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.TrustedIssuerId;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The issuers that an organization trusts, as the logins of CI jobs ask for them. */
@Singleton
public class TrustedIssuerStore {

    private static final String BY_NAME = """
            SELECT i.id, i.organization_id, i.issuer, i.audience, i.claim_patterns, i.epoch
            FROM trusted_issuer i
            JOIN organization o ON o.id = i.organization_id
            WHERE o.name = ? AND o.deleted_at IS NULL AND i.name = ? AND i.disabled_at IS NULL
            """;

    /**
     * An issuer that is trusted now.
     *
     * @param claimPatterns a JSON object of claim names and globs
     * @param epoch what tokens that rest on it carry
     */
    public record Trusted(
            TrustedIssuerId id,
            OrganizationId organization,
            String issuer,
            String audience,
            String claimPatterns,
            long epoch) {}

    /** The trusted issuer of a name, unless it is disabled. */
    public Optional<Trusted> find(Transaction transaction, OrganizationName organization, String name) {
        return transaction.first(
                BY_NAME,
                row -> new Trusted(
                        new TrustedIssuerId(row.getLong(1)),
                        new OrganizationId(row.getLong(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6)),
                organization.value(),
                name);
    }
}
