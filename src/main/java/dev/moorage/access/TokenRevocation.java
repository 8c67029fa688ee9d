package dev.moorage.access;

import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Ends a refresh token for whoever holds it (RFC 7009), as a client does that logs out.
 *
 * <p>Nothing else is shown: who has a token may use it, and so may end it.
 */
@ApplicationScoped
public class TokenRevocation {

    private static final int PARTS_OF_AN_ACCESS_TOKEN = 3;

    private final Transactions transactions;
    private final RefreshTokenStore refreshTokens;
    private final LoginThrottle throttle;
    private final RequestLimits limits;

    TokenRevocation(
            Transactions transactions, RefreshTokenStore refreshTokens, LoginThrottle throttle, RequestLimits limits) {
        this.transactions = transactions;
        this.refreshTokens = refreshTokens;
        this.throttle = throttle;
        this.limits = limits;
    }

    /** What became of a token. */
    public enum Outcome {
        /** It gives nothing from now on, be it that it never gave anything. */
        ENDED,
        /** It is of a kind that is not ended here (RFC 7009, section 2.2.1). */
        UNSUPPORTED
    }

    /**
     * Ends a refresh token; 429 where its address has shown too many that are none.
     *
     * @param address where the request comes from
     * @param token the token, of which no more than the form is looked at where it is of another kind
     */
    public Outcome revoke(String address, String token) {
        limits.count(address);
        if (isOfAnotherKind(token)) {
            return Outcome.UNSUPPORTED;
        }
        // Who shows a right one is not asked to wait: nobody can guess it.
        boolean known = Secret.parse(Secret.Kind.REFRESH, token)
                .map(secret -> transactions.call(Durability.POWER_CUT, tx -> refreshTokens.revoke(tx, secret.hash())))
                .orElse(false);
        if (!known) {
            throttle.wrongSecret(address);
        }
        return Outcome.ENDED;
    }

    /** Access tokens end by themselves within minutes, and what an account or a robot keeps is ended where it is made. */
    private static boolean isOfAnotherKind(String token) {
        Optional<Secret.Kind> kind = Secret.Kind.of(token);
        return kind.isPresent()
                ? kind.get() != Secret.Kind.REFRESH
                : token.split("\\.", -1).length == PARTS_OF_AN_ACCESS_TOKEN;
    }
}
