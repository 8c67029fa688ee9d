package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may what in an organization, and what is set for it, by the forms of the packaged program in open mode. */
class OrganizationPeoplePagesIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final Pattern SECRET = Pattern.compile("<pre><code>([^<]+)</code></pre>");

    private final ConsoleVisitor visitor = new ConsoleVisitor(REGISTRY);
    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String organization = "p" + id;
    private final String account = "ann-" + id;
    private final String page = "/console/organizations/" + organization;

    @BeforeEach
    void make() {
        json("/api/v1/organizations", "{\"name\":\"" + organization + "\"}");
        json("/api/v1/accounts", "{\"name\":\"" + account + "\"}");
    }

    @Test
    void memberIsShownWithWhereItsRolesComeFromAndRemoved() {
        done(visitor.send(page + "/members", page + "/members", "account", account, "role", "owner"));
        done(visitor.send(page + "/teams", page + "/teams", "name", "build"));
        done(visitor.send(page + "/teams/build", page + "/teams/build/members", "account", account));
        done(visitor.send(
                page + "/grants",
                page + "/grants",
                "holder.kind",
                "team",
                "holder.name",
                "build",
                "role",
                "writer",
                "path",
                "web/api"));

        assertThat(visitor.page(page + "/members"))
                .contains("<td>" + account + "</td><td><span class=\"badge\">owner</span>")
                .contains("owner by its own grant", "writer on web/api by team <a href=\"" + page + "/teams/build\">");
        assertThat(visitor.page(page + "/teams/build")).contains("<td>" + account + "</td>");

        Answer last = visitor.send(page + "/members", page + "/members/remove", "account", account);
        assertThat(last.status()).isEqualTo(409);
        assertThat(last.text()).contains("without an owner");
        json("/api/v1/accounts", "{\"name\":\"bob-" + id + "\"}");
        done(visitor.send(page + "/members", page + "/members", "account", "bob-" + id, "role", "owner"));
        done(visitor.send(page + "/members", page + "/members/remove", "account", account));
        assertThat(visitor.page(page + "/members")).doesNotContain("<td>" + account);
    }

    @Test
    void accountThatIsNotThereIsSaidOnTheFormWithWhatWasTyped() {
        Answer refused = visitor.send(page + "/members", page + "/members", "account", "<b>nobody", "role", "writer");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text())
                .contains("Refused: there is no account &lt;b&gt;nobody", "value=\"&lt;b&gt;nobody\"")
                .contains("<option value=\"writer\" selected>")
                .doesNotContain("<b>");
        Answer role = visitor.send(page + "/members", page + "/members", "account", account, "role", "king");
        assertThat(role.status()).isEqualTo(400);
        assertThat(role.text()).contains("role is reader, writer, maintainer or owner");
    }

    @Test
    void grantIsGivenOnAPartAndTaken() {
        done(visitor.send(
                page + "/grants",
                page + "/grants",
                "holder.kind",
                "account",
                "holder.name",
                account,
                "role",
                "reader",
                "path",
                "web"));
        String shown = visitor.page(page + "/grants");
        assertThat(shown).contains("account " + account, organization + "/web</td>");

        Matcher number = Pattern.compile("name=\"id\" value=\"([0-9]+)\"").matcher(shown);
        assertThat(number.find()).isTrue();
        done(visitor.send(page + "/grants", page + "/grants/take", "id", number.group(1)));
        assertThat(visitor.page(page + "/grants")).contains("No role is given here.");
    }

    @Test
    void teamIsEmptiedAndDeleted() {
        done(visitor.send(page + "/teams", page + "/teams", "name", "build"));
        Answer bad = visitor.send(page + "/teams", page + "/teams", "name", "No Team");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.text()).contains("value=\"No Team\"", "a name has lower-case letters");
        done(visitor.send(page + "/teams/build", page + "/teams/build/members", "account", account));
        done(visitor.send(page + "/teams/build", page + "/teams/build/members/remove", "account", account));
        assertThat(visitor.page(page + "/teams/build")).contains("Nobody is in the team.");
        done(visitor.send(page + "/teams", page + "/teams/build/delete"));
        assertThat(visitor.get(page + "/teams/build").status()).isEqualTo(404);
    }

    @Test
    void secretOfARobotIsShownOnceAndWorksUntilAnotherOneIsMade() {
        Answer made = visitor.send(
                page + "/robots",
                page + "/robots",
                "name",
                "ci",
                "description",
                "<i>builds</i>",
                "role",
                "writer",
                "path",
                "",
                "expiresAt",
                "2099-01-31");
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.header("cache-control")).isEqualTo("no-store");
        Matcher first = SECRET.matcher(made.text());
        assertThat(first.find()).isTrue();
        String secret = first.group(1);
        assertThat(made.text()).contains("docker login 127.0.0.1:");

        String list = visitor.page(page + "/robots");
        assertThat(list)
                .doesNotContain(secret, "<i>")
                .contains("&lt;i&gt;builds", "2099-01-31 00:00", "<span class=\"badge\">enabled");
        done(visitor.send(page + "/robots", page + "/robots/ci/enabled", "enabled", "false"));
        assertThat(visitor.page(page + "/robots")).contains(">disabled</span>", "Enable ci");
        done(visitor.send(page + "/robots", page + "/robots/ci/enabled", "enabled", "true"));

        Matcher second = SECRET.matcher(visitor.send(page + "/robots", page + "/robots/ci/secret")
                .expect(200)
                .text());
        assertThat(second.find()).isTrue();
        assertThat(second.group(1)).isNotEqualTo(secret);

        Answer past = visitor.send(
                page + "/robots", page + "/robots", "name", "old", "role", "", "path", "", "expiresAt", "2001-01-01");
        assertThat(past.status()).isEqualTo(400);
        assertThat(past.text()).contains("expiresAt lies in the future", "value=\"2001-01-01\"");
        done(visitor.send(page + "/robots", page + "/robots/ci/delete"));
        assertThat(visitor.page(page + "/robots")).contains("There is no robot yet.");
    }

    @Test
    void issuerIsTrustedByItsClaimsOnly() {
        String list = page + "/trusted-issuers";
        String[] wanted = {"name", "forge", "issuer", "https://ci.example", "audience", "moorage", "claims", ""};
        for (String claims : new String[] {"", "no claim", "ref=main\nref=other", "ref=*"}) {
            wanted[7] = claims;
            Answer refused = visitor.send(list, list, wanted);
            assertThat(refused.status()).as(claims).isEqualTo(400);
            assertThat(refused.text()).contains("value=\"https://ci.example\"", "Refused: ");
        }
        wanted[7] = "repository=acme/<b>\r\nref=refs/heads/*\r\n";
        done(visitor.send(list, list, wanted));
        assertThat(visitor.page(list)).contains("<code>repository=acme/&lt;b&gt;</code>", "ref=refs/heads/*");
        done(visitor.send(list, list + "/forge/delete"));
        assertThat(visitor.page(list)).contains("No issuer is trusted yet.");
    }

    @Test
    void ruleIsAddedAndLifted() {
        Answer bad = visitor.send(page + "/rules", page + "/rules", "pattern", "a b");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.text()).contains("value=\"a b\"", "pattern has 1 to 128 characters");
        done(visitor.send(page + "/rules", page + "/rules", "pattern", "v*"));
        String shown = visitor.page(page + "/rules");
        assertThat(shown).contains("<code>v*</code>", "all of " + organization);
        Matcher number = Pattern.compile("name=\"id\" value=\"([0-9]+)\"").matcher(shown);
        assertThat(number.find()).isTrue();
        done(visitor.send(page + "/rules", page + "/rules/lift", "id", number.group(1)));
        assertThat(visitor.page(page + "/rules")).contains("No rule keeps tags here.");
    }

    @Test
    void settingsAndQuotaAreSetAndShown() {
        String settings = page + "/settings";
        done(visitor.send(settings, settings, "defaultVisibility", "public", "undoWindow", "30"));
        done(visitor.send(settings, settings + "/quota", "bytes", "1.5 GB", "repositories", "7"));
        assertThat(visitor.page(settings))
                .contains("value=\"30\"", "<option value=\"public\" selected>", "of 1.50 GB, 0.0%", "0 of 7")
                .contains("<svg class=\"bars\"");

        Answer window = visitor.send(settings, settings, "defaultVisibility", "public", "undoWindow", "0");
        assertThat(window.status()).isEqualTo(400);
        assertThat(window.text()).contains("undoWindow is from 1 to 365 days", "aria-invalid=\"true\"");
        Answer quota = visitor.send(settings, settings + "/quota", "bytes", "much", "repositories", "");
        assertThat(quota.status()).isEqualTo(400);
        assertThat(quota.text()).contains("value=\"much\"");
        done(visitor.send(settings, settings + "/quota", "bytes", "", "repositories", ""));
        assertThat(visitor.page(settings)).contains("and no limit is set");
    }

    @Test
    void organizationIsDeletedByItsTypedNameOnly() {
        String settings = page + "/settings";
        json("/api/v1/repositories", "{\"name\":\"" + organization + "/web\"}");

        Answer other = visitor.send(settings, settings + "/delete", "name", "other", "everything", "true");
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.text()).contains("type " + organization, "<details open>");
        Answer full = visitor.send(settings, settings + "/delete", "name", organization);
        assertThat(full.status()).isEqualTo(409);
        assertThat(full.text()).contains("the organization is not empty", "repositories: 1");

        Answer gone = visitor.send(settings, settings + "/delete", "name", organization, "everything", "true");
        assertThat(gone.status()).isEqualTo(200);
        assertThat(gone.text()).contains(organization + " was deleted", "held until");
        assertThat(visitor.get(page).status()).isEqualTo(404);
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    }

    private static void json(String path, String body) {
        REGISTRY.request("POST", path)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(201);
    }
}
