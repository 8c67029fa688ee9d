package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.testing.FakeIssuer;
import java.util.List;
import java.util.Map;

/** An organization that trusts an issuer of tokens for CI jobs, and gave its jobs a role. */
final class JobScene implements AutoCloseable {

    static final String USER = "acme+ci";
    static final String AUDIENCE = "https://registry.example";
    static final Map<String, Object> JOB =
            Map.of("sub", "repo:acme/web:ref:refs/heads/main", "repository", "acme/web", "run", 7);
    static final String WANTED = "repository:acme/web:pull,push,delete repository:acme/other:pull";

    final SecuredHarness harness = SecuredHarness.fresh();
    final FakeIssuer issuer = new FakeIssuer();
    final long acme;
    final long trust;

    JobScene() {
        acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        harness.repository(acme, "acme/other", "private");
        trust = trust(
                "ci", issuer.address(), "{\"repository\":\"acme/web\",\"sub\":\"repo:acme/*:ref:*\",\"run\":\"*\"}");
    }

    long trust(String name, String address, String patterns) {
        long id = harness.sql()
                .number(
                        "INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns) VALUES (?, ?, ?, ?, ?::json) RETURNING id",
                        acme,
                        name,
                        address,
                        AUDIENCE,
                        patterns);
        harness.sql()
                .change(
                        "INSERT INTO permission_grant (organization_id, repository_prefix, role, trusted_issuer_id) VALUES (?, 'web', 'writer', ?)",
                        acme,
                        id);
        return id;
    }

    Map<String, Object> good(Map<String, Object> others) {
        Map<String, Object> claims = issuer.claims(AUDIENCE, JOB);
        claims.putAll(others);
        return claims;
    }

    String token(Map<String, Object> others) {
        return issuer.token(good(others));
    }

    String scope(String user, String token) {
        return harness.server
                .token(asked(user, token, TokenServer.Keep.NOTHING))
                .scope();
    }

    static TokenServer.Asked asked(String user, String token, TokenServer.Keep keep) {
        return new TokenServer.Asked(SecuredHarness.basic(user, token), List.of(WANTED), "test", keep);
    }

    Unauthorized refused(String user, String token) {
        Unauthorized refusal =
                catchThrowableOfType(Unauthorized.class, () -> harness.access.enter(SecuredHarness.basic(user, token)));
        assertThat(refusal).as("a token that is none").isNotNull();
        return refusal;
    }

    @Override
    public void close() {
        issuer.close();
        harness.close();
    }
}
