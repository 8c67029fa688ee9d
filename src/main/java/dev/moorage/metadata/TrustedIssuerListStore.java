package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.TrustedIssuerId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The issuers that an organization trusts, as its owners see and change them; every change raises the epoch. */
@Singleton
public class TrustedIssuerListStore {

    private static final String ISSUERS = """
            SELECT i.id, i.name, i.issuer, i.audience, i.claim_patterns, i.disabled_at IS NULL, i.created_at
            FROM trusted_issuer i
            WHERE i.organization_id = ?
            """;

    private static final String BY_NAME = ISSUERS + "AND i.name = ?";
    private static final String AFTER = ISSUERS + "AND i.name > ? ORDER BY i.name LIMIT ?";

    private static final String COUNT = """
            SELECT count(*)
            FROM trusted_issuer
            WHERE organization_id = ?
            """;

    private static final String NEW_ISSUER = """
            INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns)
            VALUES (?, ?, ?, ?, ?::json)
            ON CONFLICT (organization_id, name) DO NOTHING
            RETURNING id, name, issuer, audience, claim_patterns, true, created_at
            """;

    private static final String CHANGE = """
            UPDATE trusted_issuer
            SET issuer = ?, audience = ?, claim_patterns = ?::json, epoch = epoch + 1,
                disabled_at = CASE WHEN ? THEN NULL ELSE coalesce(disabled_at, now()) END
            WHERE organization_id = ? AND id = ?
            """;

    private static final String REVOKE_ROLES = """
            DELETE FROM permission_grant
            WHERE organization_id = ? AND trusted_issuer_id = ?
            """;

    private static final String DELETE = """
            DELETE FROM trusted_issuer
            WHERE organization_id = ? AND id = ?
            """;

    /** Whether tokens of an issuer are taken. */
    public enum State {
        ENABLED,
        DISABLED
    }

    /**
     * What an organization trusts.
     *
     * @param issuer who makes the tokens
     * @param audience for whom they are
     * @param claimPatterns a JSON object of claim names and globs
     * @param state whether they are taken
     */
    public record Trust(String issuer, String audience, String claimPatterns, State state) {}

    /** A trusted issuer. */
    public record Row(TrustedIssuerId id, String name, Trust trust, Instant createdAt) {}

    /** The trusted issuer of a name. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, String name) {
        return transaction.first(BY_NAME, TrustedIssuerListStore::row, organization.value(), name);
    }

    /** Trusted issuers in the order of their names, from behind one. */
    public List<Row> page(Transaction transaction, OrganizationId organization, String after, int limit) {
        return transaction.all(AFTER, TrustedIssuerListStore::row, organization.value(), after, limit);
    }

    /** How many an organization trusts. */
    public long count(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(COUNT, row -> row.getLong(1), organization.value())
                .orElseThrow();
    }

    /** Trusts an issuer; empty where the name is taken. */
    public Optional<Row> insert(Transaction transaction, OrganizationId organization, String name, Trust trust) {
        return transaction.first(
                NEW_ISSUER,
                TrustedIssuerListStore::row,
                organization.value(),
                name,
                trust.issuer(),
                trust.audience(),
                trust.claimPatterns());
    }

    /** Changes what is trusted, which ends every token that rests on it. */
    public void change(Transaction transaction, OrganizationId organization, TrustedIssuerId id, Trust trust) {
        transaction.change(
                CHANGE,
                trust.issuer(),
                trust.audience(),
                trust.claimPatterns(),
                trust.state() == State.ENABLED,
                organization.value(),
                id.value());
    }

    /** Trusts an issuer no more, with the roles of its jobs. */
    public void delete(Transaction transaction, OrganizationId organization, TrustedIssuerId id) {
        transaction.change(REVOKE_ROLES, organization.value(), id.value());
        transaction.change(DELETE, organization.value(), id.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new TrustedIssuerId(row.getLong(1)),
                row.getString(2),
                new Trust(
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getBoolean(6) ? State.ENABLED : State.DISABLED),
                row.getObject(7, OffsetDateTime.class).toInstant());
    }
}
