package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.AuditStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the audit trail tells of those who are not let in, or not let do something. */
class DenialsIT {

    private static final RepositoryName WEB = new RepositoryName("acme/web");

    private SecuredHarness harness;
    private long anna;
    private long acme;

    @BeforeEach
    void start() {
        harness = SecuredHarness.fresh();
        anna = harness.account("anna");
        acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        harness.sql().change("DELETE FROM audit_event");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void wrongPasswordsAreOneRowWithTheirNumberAndNeverTheirText() {
        for (int i = 0; i < 4; i++) {
            wrong(SecuredHarness.basic("anna", "the wrong one " + i));
        }

        assertThat(written()).containsExactly("login anonymous anonymous account anna 4 - 192.0.2.7 test/1.0");
        assertThat(everything()).noneMatch(row -> row.contains("the wrong one"));
    }

    @Test
    void passwordInThePlaceOfANameIsNotWrittenDownAndAllNamesOfNobodyAreOneRow() {
        wrong(SecuredHarness.basic("correct horse battery", "anna"));
        wrong(SecuredHarness.basic("bert", "wrong"));
        wrong(SecuredHarness.basic("carl", "wrong"));

        assertThat(written()).containsExactly("login anonymous anonymous account  3 - 192.0.2.7 test/1.0");
        assertThat(everything()).noneMatch(row -> row.contains("horse") || row.contains("bert"));
    }

    @Test
    void whoeverIsKnownAndWhoeverIsNotTakeTheSameStatementsAndNoneForTheTrail() {
        List<String> wrong = harness.statementsOf(() -> wrong(SecuredHarness.basic("anna", "wrong")));
        List<String> unknown = harness.statementsOf(() -> wrong(SecuredHarness.basic("nobody", "wrong")));

        assertThat(wrong).isEqualTo(unknown).noneMatch(statement -> statement.contains("audit_event"));
        assertThat(harness.derivations).hasSize(2);
    }

    @Test
    void robotThatIsTriedIsToldToTheOwnersOfItsOrganizationAlsoWhereThereIsNone() {
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        harness.sql()
                .change(
                        "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?)",
                        acme,
                        secret.hash());
        String other = Secret.make(Secret.Kind.ROBOT).reveal();
        wrong(SecuredHarness.basic("acme+ci", other));
        wrong(SecuredHarness.basic("acme+deploy", other));
        wrong(SecuredHarness.basic("umbrella+ci", other));

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "login anonymous anonymous account acme+ci 1 acme 192.0.2.7 test/1.0",
                        "login anonymous anonymous account  1 acme 192.0.2.7 test/1.0",
                        "login anonymous anonymous account  1 - 192.0.2.7 test/1.0");
        assertThat(harness.sql().number("SELECT count(*) FROM audit_event WHERE organization_id = ?", acme))
                .isEqualTo(2);
    }

    @Test
    void loginThatHadToWaitIsTold() {
        for (int i = 0; i < 10; i++) {
            wrong(SecuredHarness.basic("anna", "wrong"));
        }
        assertThatThrownBy(() -> harness.access.enter(SecuredHarness.basic("anna", "wrong")))
                .isInstanceOf(TooManyRequests.class);

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "login anonymous anonymous account anna 10 - 192.0.2.7 test/1.0",
                        "login anonymous anonymous account anna 1 - 192.0.2.7 test/1.0");
        assertThat(everything()).anyMatch(row -> row.contains("too many logins have failed"));
    }

    @Test
    void pushWithoutTheRightIsToldOfWhoeverHasShownWhoHeIs() {
        harness.give(acme, "", "reader", anna);
        String token =
                harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD), "repository:acme/web:pull,push");

        refused(SecuredHarness.bearer(token), Action.PUSH);
        refused(SecuredHarness.basic("anna", SecuredHarness.PASSWORD), Action.DELETE);
        harness.access.require(SecuredHarness.bearer(token), WEB, Action.PULL);

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "content.push account anna repository acme/web 1 acme 192.0.2.7 test/1.0",
                        "content.delete account anna repository acme/web 1 acme 192.0.2.7 test/1.0");
    }

    @Test
    void challengeThatEveryClientAsksForAtFirstIsNoDenial() {
        refused(SecuredHarness.visitor(new Credentials.None()), Action.PUSH);
        String anonymous = harness.token(SecuredHarness.visitor(new Credentials.None()), "repository:acme/web:pull");
        refused(SecuredHarness.bearer(anonymous), Action.PULL);
        wrong(SecuredHarness.visitor(new Credentials.None()));

        assertThat(written()).isEmpty();
    }

    @Test
    void tokenThatIsOverIsNoDenialAndAForgedOneIs() {
        String token = harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
        wrong(SecuredHarness.bearer(token.substring(0, token.length() - 4) + "AAAA"));
        wrong(SecuredHarness.bearer("a password by mistake"));
        wrong(SecuredHarness.visitor(new Credentials.Unreadable()));
        harness.pass(Duration.ofHours(1));
        wrong(SecuredHarness.bearer(token));
        wrong(SecuredHarness.bearer(unsigned(Instant.now().minusSeconds(5))));

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "token.show anonymous anonymous token  2 - 192.0.2.7 test/1.0",
                        "token.show anonymous anonymous token  1 - 192.0.2.7 test/1.0");
        assertThat(everything()).noneMatch(row -> row.contains(token) || row.contains("mistake"));
    }

    @Test
    void tokenOfWhoeverWasShutOutIsToldByHisName() {
        String token = harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
        harness.sql().change("UPDATE account SET disabled_at = now()");
        wrong(SecuredHarness.bearer(token));

        assertThat(written()).containsExactly("token.show account anna token  1 - 192.0.2.7 test/1.0");
    }

    @Test
    void refreshTokenThatIsNoneIsTold() {
        String wrong = Secret.make(Secret.Kind.REFRESH).reveal();
        TokenServer.Asked asked = new TokenServer.Asked(
                SecuredHarness.visitor(new Credentials.None()), List.of(), "test", TokenServer.Keep.NOTHING);
        assertThatThrownBy(() -> harness.server.refresh(asked, wrong)).isInstanceOf(Unauthorized.class);

        assertThat(written()).containsExactly("token.issue anonymous anonymous token  1 - 192.0.2.7 test/1.0");
        assertThat(everything()).noneMatch(row -> row.contains(wrong));
    }

    @Test
    void floodOfStrangersIsBoundedAndCountedAndHidesNobodyWhoIsKnown() {
        harness.sql().change("INSERT INTO account (name) SELECT 'a' || i FROM generate_series(1, 40) i");
        Denials few = new Denials(harness.transactions, new AuditStore(), System::nanoTime, 20, 5);
        for (int i = 1; i <= 40; i++) {
            few.login(SecuredHarness.basic("a" + i, ""), "a" + i, "the name or the secret is wrong");
        }
        few.add(
                TestGrants.administration(new AccountId(anna), Limit.NONE),
                AuditSubject.of(AuditAction.ORGANIZATION_DELETE, WEB.organization()),
                "no");
        few.write();
        few.writeAll();

        assertThat(harness.sql().number("SELECT count(*) FROM audit_event WHERE action = 'login'"))
                .isEqualTo(5);
        assertThat(harness.sql().number("SELECT sum(times) FROM audit_event WHERE action IN ('login', 'denials.drop')"))
                .isEqualTo(40);
        assertThat(harness.sql().number("SELECT count(*) FROM audit_event WHERE action = 'organization.delete'"))
                .isOne();
    }

    @Test
    void denialIsOfTheOrganizationThatHadTheNameThenAndNotOfALaterOne() {
        for (int i = 0; i < 2; i++) {
            harness.denials.add(
                    TestGrants.administration(new AccountId(anna), Limit.NONE),
                    AuditSubject.of(AuditAction.ORGANIZATION_DELETE, WEB.organization()),
                    "no");
            harness.denials.write();
        }
        harness.sql().change("UPDATE organization SET name = 'former' WHERE id = ?", acme);
        harness.organization("acme");
        harness.denials.writeAll();

        assertThat(harness.sql().number("SELECT count(*) FROM audit_event WHERE organization_id = ?", acme))
                .isEqualTo(2);
        assertThat(harness.sql().number("SELECT count(*) FROM audit_event")).isEqualTo(2);
    }

    @Test
    void whatCannotBeWrittenIsWrittenLaterAndNoNameBeforeItIsKnownWhoseItIs() {
        wrong(SecuredHarness.basic("anna", "wrong"));
        wrong(SecuredHarness.basic("my password", "anna"));
        harness.sql().change("ALTER TABLE account RENAME TO away");
        assertThatThrownBy(harness.denials::writeAll).isInstanceOf(RuntimeException.class);
        harness.sql().change("ALTER TABLE away RENAME TO account");
        harness.sql().change("ALTER TABLE audit_event RENAME TO away");
        assertThatThrownBy(harness.denials::writeAll).isInstanceOf(RuntimeException.class);
        harness.sql().change("ALTER TABLE away RENAME TO audit_event");

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "login anonymous anonymous account anna 1 - 192.0.2.7 test/1.0",
                        "login anonymous anonymous account  1 - 192.0.2.7 test/1.0");
    }

    @Test
    void hostileTextsAreKeptLetterByLetterAsFarAsTheyFit() {
        String name = "anna\n{\"action\":\"forged\"}'; DROP TABLE audit_event; --\u202e";
        Visitor visitor = new Visitor(
                new Credentials.None(), "192.0.2.7", "agent\n\u0000\ud800\"" + "x".repeat(400), Optional.empty());
        harness.denials.unknown(visitor, AuditAction.TOKEN_SHOW, name);
        harness.denials.write();

        assertThat(harness.sql().rows("SELECT detail ->> 'because' FROM audit_event"))
                .containsExactly(name);
        assertThat(harness.sql().rows("SELECT client FROM audit_event"))
                .singleElement()
                .asString()
                .startsWith("agent\n\ufffd?\"xxx")
                .hasSize(255);
    }

    private void wrong(Visitor visitor) {
        assertThatThrownBy(() -> harness.access.enter(visitor)).isInstanceOf(Unauthorized.class);
    }

    private void refused(Visitor visitor, Action action) {
        assertThatThrownBy(() -> harness.access.require(visitor, WEB, action)).isInstanceOf(Unauthorized.class);
    }

    private static String unsigned(Instant end) {
        String header = part("{\"alg\":\"ES256\",\"kid\":\"x\"}");
        return header + '.' + part("{\"exp\":" + end.getEpochSecond() + "}") + '.' + part("no signature");
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> written() {
        harness.denials.writeAll();
        return harness.sql().rows("""
                SELECT action, actor_kind, actor, target_kind, target, times, organization, address, client
                FROM audit_event
                WHERE outcome = 'denied'
                """);
    }

    private List<String> everything() {
        return harness.sql().rows("SELECT row_to_json(e) FROM audit_event e");
    }
}
