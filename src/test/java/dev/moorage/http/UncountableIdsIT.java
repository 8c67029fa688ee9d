package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Secret;
import dev.moorage.testing.RegistryClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What tenants read of ids, in tokens and in answers, tells them nothing of how many others there are. */
class UncountableIdsIT {

    private static final int MANY = 20;
    private static final long EXACT_IN_EVERY_CLIENT = 1L << 53;
    private static final long ADJACENT = 1_000_000;
    // Other numbers than ids: what is used, and what may be.
    private static final Set<String> AMOUNTS = Set.of("bytes", "items", "repositories");

    private static Scene scene;

    /** Ids by what they are of, in the order in which the things were made. */
    private final Map<String, List<Long>> ids = new LinkedHashMap<>();

    private final List<String> organizations = new ArrayList<>();

    @BeforeAll
    static void start() {
        scene = new Scene("ids");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void idsInTokensAndInAnswersAreNeitherCountedNorGuessed() {
        for (int i = 0; i < MANY; i++) {
            makeOneOfEach();
        }
        assertThat(ids)
                .containsOnlyKeys(
                        "organization",
                        "repository",
                        "account",
                        "robot",
                        "grants/id",
                        "immutability-rules/id",
                        "tokens/id");
        ids.forEach(UncountableIdsIT::demandTellNothing);
    }

    @Test
    void listsOfWhatHasAnIdGoFromPageToPageAndMissNothing() {
        String organization = Scene.fresh("paged");
        post("organizations", "{\"name\":\"%s\"}".formatted(organization));
        String rules = "organizations/" + organization + "/immutability-rules";
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(post(rules, "{\"pattern\":\"v%d\"}".formatted(i))
                    .get("pattern")
                    .asText());
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = client().get("/api/v1/" + rules + "?limit=2" + after)
                    .expect(200)
                    .json();
            page.get("items").forEach(item -> seen.add(item.get("pattern").asText()));
            JsonNode next = page.get("next");
            after = next.isNull() ? "" : "&after=" + next.asText();
        } while (!after.isEmpty());

        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }

    private void makeOneOfEach() {
        String organization = Scene.fresh("org");
        organizations.add(organization);
        String account = Scene.fresh("person");
        post("organizations", "{\"name\":\"%s\"}".formatted(organization));
        post("repositories", "{\"name\":\"%s/app\"}".formatted(organization));
        post("accounts", "{\"name\":\"%s\"}".formatted(account));
        // Tokens are made with the password only, which takes as long as comparing one does.
        post(
                scene.byPassword(Caller.ADMINISTRATOR),
                "account/tokens",
                "{\"name\":\"%s\",\"actions\":[\"pull\"]}".formatted(Scene.fresh("token")));
        String inOrganization = "organizations/" + organization;
        post(inOrganization + "/teams", "{\"name\":\"builders\"}");
        post(
                inOrganization + "/trusted-issuers",
                "{\"name\":\"ci\",\"issuer\":\"https://ci\",\"audience\":\"x\",\"claims\":{\"ref\":\"main\"}}");
        post(
                inOrganization + "/grants",
                "{\"holder\":{\"kind\":\"account\",\"name\":\"%s\"},\"role\":\"reader\",\"path\":\"\"}"
                        .formatted(account));
        post(inOrganization + "/immutability-rules", "{\"pattern\":\"v*\"}");
        Stream.of("", "/grants", "/members", "/teams", "/teams/builders", "/quota", "/usage", "/trusted-issuers")
                .forEach(noun -> get(inOrganization + noun));
        // After the roles were read: it gets one that nothing has told yet.
        String secret = post(inOrganization + "/robots", "{\"name\":\"ci\",\"role\":\"reader\"}")
                .get("secret")
                .asText();
        get(inOrganization + "/robots");
        get(inOrganization + "/robots/ci");
        get("repositories/" + organization + "/app/-/");
        get("repositories/" + organization + "/app/-/usage");
        get("accounts/" + account);

        JsonNode own = claims(organization, scene.program.client().showing(account, personalToken(account)));
        keep("account", own.get("moorage").get("id"));
        keep("organization", own.get("access").get(0).get("organization"));
        keep("repository", own.get("access").get(0).get("repository"));
        JsonNode robots = claims(organization, scene.program.client().showing(organization + "+ci", secret));
        keep("robot", robots.get("moorage").get("id"));
    }

    private static JsonNode claims(String organization, RegistryClient client) {
        String token = client.get("/auth/token?scope=repository:" + organization + "/app:pull")
                .expect(200)
                .json()
                .get("token")
                .asText();
        try {
            return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A token of somebody who has a password that nobody remembers. */
    private static String personalToken(String account) {
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        scene.sql.change("""
                INSERT INTO access_token (account_id, name, secret_hash, actions)
                SELECT id, 'test', ?, '{pull}' FROM account WHERE name = ?
                """, secret.hash(), account);
        return secret.reveal();
    }

    private JsonNode post(String noun, String body) {
        return post(client(), noun, body);
    }

    private JsonNode post(RegistryClient client, String noun, String body) {
        JsonNode answer = client.request("POST", "/api/v1/" + noun)
                .header("Content-Type", "application/json")
                .body(AuthorizationTable.bytes(body))
                .send()
                .expect(201)
                .json();
        String kind = noun.substring(noun.lastIndexOf('/') + 1);
        numbers(answer).forEach((name, number) -> keep(kind + '/' + name, number));
        return answer;
    }

    /** Reads something that {@link #post} has told the ids of, and finds no number beside amounts and those. */
    private void get(String noun) {
        numbers(client().get("/api/v1/" + noun).expect(200).json()).forEach((name, number) -> assertThat(
                        ids.values().stream().flatMap(List::stream).toList())
                .as("%s of %s", name, noun)
                .contains(number.asLong()));
    }

    private static Map<String, JsonNode> numbers(JsonNode node) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        node.properties().forEach(field -> {
            if (field.getValue().isNumber() && !AMOUNTS.contains(field.getKey())) {
                found.put(field.getKey(), field.getValue());
            }
        });
        node.forEach(child -> found.putAll(numbers(child)));
        return found;
    }

    private void keep(String kind, JsonNode number) {
        ids.computeIfAbsent(kind, _ -> new ArrayList<>()).add(number.asLong());
    }

    private RegistryClient client() {
        return scene.client(Caller.ADMINISTRATOR);
    }

    private static void demandTellNothing(String kind, List<Long> inOrder) {
        assertThat(inOrder).as(kind).hasSize(MANY).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id)
                .isBetween(1L, EXACT_IN_EVERY_CLIENT));
        assertThat(inOrder).as(kind).isNotEqualTo(inOrder.stream().sorted().toList());
        assertThat(inOrder)
                .as(kind)
                .isNotEqualTo(inOrder.stream().sorted(Comparator.reverseOrder()).toList());
        long[] sorted = inOrder.stream().mapToLong(Long::longValue).sorted().toArray();
        assertThat(LongStream.range(1, MANY).map(i -> sorted[(int) i] - sorted[(int) i - 1]))
                .as(kind)
                .allSatisfy(gap -> assertThat(gap).isGreaterThan(ADJACENT));
    }
}
