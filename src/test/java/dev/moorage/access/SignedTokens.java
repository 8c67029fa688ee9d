package dev.moorage.access;

import dev.moorage.access.Login.Known;
import dev.moorage.metadata.AccountStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Tokens as the token server of a program would have signed them at another time: its keys are in its database. */
public final class SignedTokens {

    private final SecuredHarness harness;

    /** Those of a program in secured mode with this key of encryption. */
    public SignedTokens(DataSource database, String encryptionKey) {
        this.harness = new SecuredHarness(database, Map.of("moorage.access.encryption-key", encryptionKey));
    }

    /**
     * A token for what an account holds of some scopes.
     *
     * @param left how long it is still taken; below zero where it is not any more
     */
    public String goodFor(Duration left, String account, String... scopes) {
        Known known = harness.transactions.read(
                tx -> new AccountStore().find(tx, account).map(Login::known).orElseThrow());
        TokenContent content =
                harness.granting.grant(known.principal(), known.limit(), AskedScopes.parse(List.of(scopes)));
        Duration passed = harness.writer
                .lifetime()
                .plusSeconds(VerifiedToken.LEEWAY_SECONDS)
                .minus(left);
        return harness.writer.write(new TokenContent(
                content.principal(),
                content.limit(),
                content.entries(),
                content.catalog(),
                content.issuedAt() - passed.toSeconds()));
    }
}
