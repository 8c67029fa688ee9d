package dev.moorage.access;

import dev.moorage.access.ForeignToken.Expected;
import dev.moorage.access.Login.Known;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.TrustedIssuerStore;
import dev.moorage.metadata.TrustedIssuerStore.Trusted;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * Lets CI jobs in by the token that their own issuer gave them, where an organization trusts that issuer (OpenID Connect
 * Core, section 3.1.3.7).
 *
 * <p>The user name says who trusts whom, as {@code organization+issuer}, the latter by the name that the organization gave
 * it.
 */
@ApplicationScoped
class JobLogin {

    private static final List<String> DEMANDED = List.of("exp", "iat", "sub");
    private static final int LONGEST_SUBJECT_BYTES = 1000;

    private final Transactions transactions;
    private final TrustedIssuerStore trusted;
    private final Issuers issuers;
    private final InstantSource time;

    JobLogin(Transactions transactions, TrustedIssuerStore trusted, Issuers issuers, InstantSource time) {
        this.transactions = transactions;
        this.trusted = trusted;
        this.issuers = issuers;
        this.time = time;
    }

    /** Whether a job logs in: no account has a name with a plus, and no robot's secret looks like a token. */
    static boolean isMeant(String user, String password) {
        return user.indexOf('+') > 0
                && password.startsWith("ey")
                && password.chars().filter(c -> c == '.').count() == 2;
    }

    /** Which job this is, where the organization trusts the issuer and the claims match. */
    Optional<Known> login(String user, String token) {
        int plus = user.indexOf('+');
        Optional<OrganizationName> organization = OrganizationName.parse(user.substring(0, plus));
        String name = user.substring(plus + 1);
        if (organization.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        Optional<Trusted> trust = transactions.read(tx -> trusted.find(tx, organization.get(), name));
        return trust.flatMap(row -> ForeignToken.read(token)
                .flatMap(job -> job.verify(
                        new Expected(row.issuer(), row.audience(), DEMANDED),
                        time.instant(),
                        issuers.keysOf(row.organization(), row.issuer())))
                .flatMap(claims -> known(row, claims)));
    }

    private static Optional<Known> known(Trusted row, JwtClaims said) {
        Map<String, Object> claims = said.getClaimsMap();
        Map<String, String> patterns = patterns(row.claimPatterns());
        return Optional.ofNullable(claims.get("sub"))
                .flatMap(JobClaims::text)
                .filter(subject -> !subject.isEmpty())
                .filter(_ -> JobClaims.match(claims, patterns))
                .map(JobLogin::demandShort)
                .map(subject -> new Known(
                        new Principal.Job(
                                row.id(), row.organization(), subject, row.epoch(), JobClaims.kept(claims, patterns)),
                        Limit.NONE,
                        Optional.empty()));
    }

    /** It goes with each request of the job, in the token that it gets. */
    private static String demandShort(String subject) {
        int bytes = JobClaims.bytes(subject);
        if (bytes > LONGEST_SUBJECT_BYTES) {
            throw new Denied(
                    "the claim sub of the job's token is too long",
                    Map.of("bytes", bytes, "limit", LONGEST_SUBJECT_BYTES));
        }
        return subject;
    }

    private static Map<String, String> patterns(String json) {
        try {
            Map<String, String> patterns = new HashMap<>();
            JsonUtil.parseJson(json).forEach((name, pattern) -> patterns.put(name, (String) pattern));
            return patterns;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
