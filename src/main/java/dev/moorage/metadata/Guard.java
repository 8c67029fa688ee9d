package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RobotId;
import dev.moorage.name.TrustedIssuerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What must still be true for a grant to count, asked by the very statement that looks the repository up: a revocation
 * acts on the next request, and a token of a repository that was made again under its old name opens nothing.
 *
 * <p>Its text speaks of the repository as {@code r}. A guard is made once a token and good for many requests.
 */
public final class Guard {

    /** Nothing is asked: the open mode, and the registry itself at work. */
    public static final Guard NONE = new Guard("", List.of(), "", List.of());

    private static final String ACCOUNT = """
            EXISTS (SELECT FROM account g
                WHERE g.id = ? AND g.epoch = ? AND g.disabled_at IS NULL AND g.deleted_at IS NULL)
            """;

    private final String holderText;
    private final List<Object> holderParameters;
    private final String repositoryText;
    private final List<Object> repositoryParameters;

    private Guard(
            String holderText,
            List<Object> holderParameters,
            String repositoryText,
            List<Object> repositoryParameters) {
        this.holderText = holderText;
        this.holderParameters = List.copyOf(holderParameters);
        this.repositoryText = repositoryText;
        this.repositoryParameters = List.copyOf(repositoryParameters);
    }

    /** Whose rights the grant rests on. */
    public sealed interface Holder {
        /** Nobody's in particular. */
        record Anybody() implements Holder {}

        /** An account's, as long as its epoch is this. */
        record Account(AccountId id, long epoch) implements Holder {}

        /** An account's by its roles in an organization, as long as its epoch is this, and its epoch there that. */
        record Member(Account account, OrganizationId organization, long epoch) implements Holder {}

        /** A robot's, as long as its epoch is this. */
        record Robot(RobotId id, long epoch) implements Holder {}

        /** A job's of a trusted issuer, as long as the epoch of the issuer's row is this. */
        record Job(TrustedIssuerId id, long epoch) implements Holder {}
    }

    /** Which repository of the name the grant is for. */
    public sealed interface Which {
        /** Whichever there is. */
        record Any() implements Which {}

        /** This one. */
        record Same(RepositoryKey key) implements Which {}

        /**
         * There was none: one that was made since.
         *
         * @param organization in whose organization of the name; empty where there was none either
         * @param epochSecond by the database's clock
         */
        record MadeSince(Optional<OrganizationId> organization, long epochSecond) implements Which {}

        /** Whichever there is, as long as it is public. */
        record Public() implements Which {}
    }

    /** A guard that asks for both. */
    public static Guard of(Holder holder, Which which) {
        String holderText =
                switch (holder) {
                    case Holder.Anybody _ -> "";
                    case Holder.Account _ -> ACCOUNT;
                    case Holder.Member _ -> ACCOUNT + """
                        AND NOT EXISTS (SELECT FROM account_epoch g
                            WHERE g.account_id = ? AND g.organization_id = ? AND g.epoch <> ?)
                        """;
                    case Holder.Robot _ -> """
                        EXISTS (SELECT FROM robot g
                            WHERE g.id = ? AND g.epoch = ? AND g.disabled_at IS NULL AND g.deleted_at IS NULL
                                AND (g.expires_at IS NULL OR g.expires_at > now())
                                AND (SELECT o.deleted_at IS NULL FROM organization o WHERE o.id = g.organization_id))
                        """;
                    case Holder.Job _ -> """
                        EXISTS (SELECT FROM trusted_issuer g
                            WHERE g.id = ? AND g.epoch = ? AND g.disabled_at IS NULL
                                AND (SELECT o.deleted_at IS NULL FROM organization o WHERE o.id = g.organization_id))
                        """;
                };
        List<Object> holderParameters =
                switch (holder) {
                    case Holder.Anybody _ -> List.of();
                    case Holder.Account(AccountId id, long epoch) -> List.of(id.value(), epoch);
                    case Holder.Member(Holder.Account(AccountId id, long epoch), OrganizationId in, long epochThere) ->
                        List.of(id.value(), epoch, id.value(), in.value(), epochThere);
                    case Holder.Robot(RobotId id, long epoch) -> List.of(id.value(), epoch);
                    case Holder.Job(TrustedIssuerId id, long epoch) -> List.of(id.value(), epoch);
                };
        return switch (which) {
            case Which.Any _ -> new Guard(holderText, holderParameters, "", List.of());
            case Which.Same(RepositoryKey key) ->
                new Guard(
                        holderText,
                        holderParameters,
                        "r.organization_id = ? AND r.id = ?",
                        List.of(key.organization().value(), key.repository().value()));
            case Which.MadeSince(Optional<OrganizationId> organization, long second) ->
                organization.isPresent()
                        ? new Guard(
                                holderText,
                                holderParameters,
                                "r.organization_id = ? AND r.created_at >= to_timestamp(?)",
                                List.of(organization.get().value(), second))
                        : new Guard(holderText, holderParameters, "r.created_at >= to_timestamp(?)", List.of(second));
            case Which.Public _ -> new Guard(holderText, holderParameters, "r.visibility = 'public'", List.of());
        };
    }

    /** Whether nothing is asked of the holder, nor which repository it is. */
    public boolean isNone() {
        return holderText.isEmpty() && repositoryText.isEmpty();
    }

    /** A statement that ends in its WHERE clause, with the guard behind it. */
    String guarded(String statement) {
        return statement + conditions();
    }

    /** A statement with the guard between its WHERE clause and what comes behind that. */
    String guarded(String statement, String behind) {
        return statement + conditions() + behind;
    }

    /** The text that goes behind a statement's WHERE clause. */
    String conditions() {
        return Columns.IN_LIVE_ORGANIZATION
                + (holderText.isEmpty() ? "" : " AND " + holderText)
                + (repositoryText.isEmpty() ? "" : " AND " + repositoryText);
    }

    /** The parameters of {@link #conditions} behind those that the statement has before them. */
    Object[] parameters(Object... before) {
        if (isNone()) {
            return before;
        }
        List<Object> all = new ArrayList<>(Arrays.asList(before));
        all.addAll(holderParameters);
        all.addAll(repositoryParameters);
        return all.toArray();
    }

    /** What is asked of the holder, as an expression of its own. */
    String holderCondition() {
        return holderText.isEmpty() ? "true" : '(' + holderText + ')';
    }

    /** What is asked of the repository, as an expression of its own; NULL where {@code r} is no row. */
    String repositoryCondition() {
        return repositoryText.isEmpty() ? "true" : repositoryText;
    }

    /** The parameters of {@link #holderCondition}. */
    List<Object> holderParameters() {
        return holderParameters;
    }

    /** The parameters of {@link #repositoryCondition}. */
    List<Object> repositoryParameters() {
        return repositoryParameters;
    }
}
