package dev.moorage.http;

import dev.moorage.http.Scene.Cell;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Who gets which answer to what: a row for every endpoint of the program, a column for every {@link Caller}. */
final class AuthorizationTable {

    //                                             none other expired pull push maintainer owner administrator
    private static final String EVERYBODY = "200 200 200 200 200 200 200 200";
    // Without settings for it.
    private static final String ABSENT = "404 404 404 404 404 404 404 404";
    private static final String EVERYBODY_KNOWN = "401 %1$s 401 %1$s %1$s %1$s %1$s %1$s";
    private static final String READERS = "401 401 401 %1$s %1$s %1$s %1$s %1$s";
    private static final String WRITERS = "401 401 401 401 %1$s %1$s %1$s %1$s";
    private static final String MAINTAINERS = "401 401 401 401 401 %1$s %1$s %1$s";
    private static final String MEMBERS = "401 404 401 %1$s %1$s %1$s %1$s %1$s";
    private static final String PUSHERS = "401 404 401 403 %1$s %1$s %1$s %1$s";
    private static final String MAINTAINERS_OF_MEMBERS = "401 404 401 403 403 %1$s %1$s %1$s";
    private static final String DELETERS = "401 404 401 403 403 %1$s %1$s %1$s";
    private static final String OWNERS = "401 404 401 403 403 403 %1$s %1$s";
    private static final String ADMINISTRATORS = "401 403 401 403 403 403 403 %1$s";
    private static final String ADMINISTRATORS_OF_MEMBERS = "401 404 401 403 403 403 403 %1$s";

    private static final String ORGANIZATION = "/api/v1/organizations/{organization}";

    private AuthorizationTable() {}

    /** What is sent. */
    record Ask(String target, Optional<byte[]> body, String contentType) {
        static Ask of(String target) {
            return new Ask(target, Optional.empty(), "");
        }

        Ask json(String text) {
            return new Ask(target, Optional.of(bytes(text)), "application/json");
        }

        /** The same about another organization. */
        Ask about(String organization, String other) {
            return new Ask(
                    target.replace(organization, other),
                    body.map(bytes -> bytes(new String(bytes, StandardCharsets.UTF_8).replace(organization, other))),
                    contentType);
        }

        Ask body(byte[] bytes, String type) {
            return new Ask(target, Optional.of(bytes), type);
        }
    }

    /** By what a caller shows who he is. */
    enum By {
        TOKEN,
        PASSWORD
    }

    /**
     * A row.
     *
     * @param endpoint method and path, as {@link Endpoints} finds them
     * @param statuses one a column
     */
    record Row(String endpoint, Map<Caller, Integer> statuses, Function<Cell, Ask> ask, By by) {
        String method() {
            return endpoint.substring(0, endpoint.indexOf(' '));
        }

        int status(Caller caller) {
            return statuses.get(caller);
        }

        @Override
        public String toString() {
            return endpoint;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    private static void row(String endpoint, String pattern, int success, Function<Cell, Ask> ask) {
        row(endpoint, pattern, success, ask, By.TOKEN);
    }

    private static void row(String endpoint, String pattern, int success, Function<Cell, Ask> ask, By by) {
        Iterator<Integer> columns = Stream.of(pattern.formatted(success).split(" ", -1))
                .map(Integer::valueOf)
                .iterator();
        Map<Caller, Integer> statuses = new EnumMap<>(Caller.class);
        for (Caller caller : Caller.values()) {
            statuses.put(caller, columns.next());
        }
        if (columns.hasNext() || ROWS.put(endpoint, new Row(endpoint, statuses, ask, by)) != null) {
            throw new IllegalStateException(endpoint);
        }
    }

    private static void inOrganization(
            String endpoint, String pattern, int success, Function<Cell, String> rest, String... json) {
        int slash = endpoint.indexOf(' ') + 1;
        row(endpoint.substring(0, slash) + ORGANIZATION + endpoint.substring(slash), pattern, success, cell -> {
            Ask ask = Ask.of("/api/v1/organizations/" + cell.organization() + rest.apply(cell));
            return json.length == 0 ? ask : ask.json(json[0].replace("{fresh}", Scene.fresh("new")));
        });
    }

    static {
        distribution();
        tokens();
        revocation();
        organizations();
        accounts();
        repositories();
        quotasAndRules();
        history();
        lists();
        retention();
        webhooks();
    }

    /** All rows. */
    static List<Row> rows() {
        return List.copyOf(ROWS.values());
    }

    private static void distribution() {
        row("GET /v2/-/base", EVERYBODY_KNOWN, 200, _ -> Ask.of("/v2/"));
        row("HEAD /v2/-/base", EVERYBODY_KNOWN, 200, _ -> Ask.of("/v2/"));
        row("GET /v2/-/catalog", EVERYBODY_KNOWN, 200, _ -> Ask.of("/v2/_catalog"));
        inRepository("GET /v2/-/tags", READERS, 200, cell -> tagged(cell, "tags/list"));
        inRepository("GET /v2/-/manifest", READERS, 200, cell -> tagged(cell, "manifests/v1"));
        inRepository("HEAD /v2/-/manifest", READERS, 200, cell -> tagged(cell, "manifests/v1"));
        inRepository("DELETE /v2/-/manifest", MAINTAINERS, 202, cell -> tagged(cell, "manifests/v1"));
        row("PUT /v2/-/manifest", WRITERS, 201, cell -> {
            ImageFactory.Image image = cell.image();
            return Ask.of(cell.pushed().path("manifests/v2"))
                    .body(image.manifest().bytes(), image.manifest().mediaType());
        });
        inRepository("GET /v2/-/blob", READERS, 200, cell -> "blobs/" + cell.blob());
        inRepository("HEAD /v2/-/blob", READERS, 200, cell -> "blobs/" + cell.blob());
        inRepository("DELETE /v2/-/blob", MAINTAINERS, 202, cell -> "blobs/" + cell.blob());
        inRepository(
                "GET /v2/-/referrers",
                READERS,
                200,
                cell -> "referrers/" + cell.image().digest());
        inRepository("POST /v2/-/uploads", WRITERS, 202, _ -> "blobs/uploads/");
        row("GET /v2/-/upload", WRITERS, 204, cell -> Ask.of(cell.upload()));
        row("DELETE /v2/-/upload", WRITERS, 204, cell -> Ask.of(cell.upload()));
        row("PATCH /v2/-/upload", WRITERS, 202, cell -> Ask.of(cell.upload())
                .body(bytes("bytes"), "application/octet-stream"));
        row("PUT /v2/-/upload", WRITERS, 201, cell -> Ask.of(
                        RegistryClient.withQuery(cell.upload(), "digest", ImageFactory.sha256(bytes("bytes"))))
                .body(bytes("bytes"), "application/octet-stream"));
    }

    private static void inRepository(String endpoint, String pattern, int success, Function<Cell, String> rest) {
        row(endpoint, pattern, success, cell -> Ask.of(cell.pushed().path(rest.apply(cell))));
    }

    private static String tagged(Cell cell, String rest) {
        cell.image();
        return rest;
    }

    private static void tokens() {
        row("GET /auth/keys", EVERYBODY, 200, _ -> Ask.of("/auth/keys"));
        row("GET /auth/oidc/login", ABSENT, 404, _ -> Ask.of("/auth/oidc/login"));
        row("GET /auth/oidc/callback", ABSENT, 404, _ -> Ask.of("/auth/oidc/callback"));
        row("GET /auth/token", "200 200 401 200 200 200 200 200", 200, _ -> Ask.of("/auth/token?service=moorage"));
        row("POST /auth/token", EVERYBODY_KNOWN, 200, cell -> Ask.of("/auth/token")
                .body(
                        bytes("grant_type=password&username=" + cell.caller().account() + "&password="
                                + cell.scene().token(cell.caller())),
                        "application/x-www-form-urlencoded"));
    }

    private static void revocation() {
        row("POST /auth/revoke", EVERYBODY, 200, _ -> Ask.of("/auth/revoke")
                .body(bytes("token=nobodys"), "application/x-www-form-urlencoded"));
    }

    private static void organizations() {
        row("GET /api/v1/organizations", EVERYBODY_KNOWN, 200, _ -> Ask.of("/api/v1/organizations"));
        row("POST /api/v1/organizations", ADMINISTRATORS, 201, _ -> Ask.of("/api/v1/organizations")
                .json("{\"name\":\"%s\"}".formatted(Scene.fresh("org"))));
        inOrganization("GET ", MEMBERS, 200, _ -> "");
        inOrganization("PATCH ", OWNERS, 200, _ -> "", "{\"defaultVisibility\":\"public\"}");
        inOrganization("DELETE ", OWNERS, 204, _ -> "?everything=true");

        inOrganization("GET /grants", OWNERS, 200, _ -> "/grants");
        row("POST " + ORGANIZATION + "/grants", OWNERS, 201, cell -> Ask.of(
                        "/api/v1/organizations/" + cell.organization() + "/grants")
                .json("{\"holder\":{\"kind\":\"account\",\"name\":\"%s\"},\"role\":\"reader\",\"path\":\"web\"}"
                        .formatted(cell.account())));
        inOrganization("DELETE /grants/{id}", OWNERS, 204, cell -> "/grants/" + cell.grant());

        inOrganization("GET /members", OWNERS, 200, _ -> "/members");
        inOrganization(
                "PUT /members/{account}", OWNERS, 200, cell -> "/members/" + cell.account(), "{\"role\":\"writer\"}");
        inOrganization("DELETE /members/{account}", OWNERS, 204, cell -> "/members/" + cell.member());

        inOrganization("GET /teams", OWNERS, 200, _ -> "/teams");
        inOrganization("POST /teams", OWNERS, 201, _ -> "/teams", "{\"name\":\"{fresh}\"}");
        inOrganization("GET /teams/{team}", OWNERS, 200, cell -> "/teams/" + cell.team());
        inOrganization("DELETE /teams/{team}", OWNERS, 204, cell -> "/teams/" + cell.team());
        inOrganization("GET /teams/{team}/members", OWNERS, 200, cell -> "/teams/" + cell.team() + "/members");
        inOrganization(
                "PUT /teams/{team}/members/{account}",
                OWNERS,
                204,
                cell -> "/teams/" + cell.team() + "/members/" + cell.account());
        inOrganization("DELETE /teams/{team}/members/{account}", OWNERS, 204, cell -> {
            String account = cell.account();
            return "/teams/" + cell.teamWithMember(account) + "/members/" + account;
        });

        inOrganization("GET /robots", OWNERS, 200, _ -> "/robots");
        inOrganization("POST /robots", OWNERS, 201, _ -> "/robots", "{\"name\":\"{fresh}\",\"role\":\"writer\"}");
        inOrganization("GET /robots/{robot}", OWNERS, 200, cell -> "/robots/" + cell.robot());
        inOrganization("PATCH /robots/{robot}", OWNERS, 200, cell -> "/robots/" + cell.robot(), "{\"enabled\":false}");
        inOrganization("POST /robots/{robot}/secret", OWNERS, 200, cell -> "/robots/" + cell.robot() + "/secret", "{}");
        inOrganization("DELETE /robots/{robot}", OWNERS, 204, cell -> "/robots/" + cell.robot());

        inOrganization("GET /trusted-issuers", OWNERS, 200, _ -> "/trusted-issuers");
        inOrganization(
                "POST /trusted-issuers",
                OWNERS,
                201,
                _ -> "/trusted-issuers",
                "{\"name\":\"{fresh}\",\"issuer\":\"https://ci\",\"audience\":\"x\",\"claims\":{\"ref\":\"main\"}}");
        inOrganization("GET /trusted-issuers/{issuer}", OWNERS, 200, cell -> "/trusted-issuers/" + cell.issuer());
        inOrganization(
                "PATCH /trusted-issuers/{issuer}",
                OWNERS,
                200,
                cell -> "/trusted-issuers/" + cell.issuer(),
                "{\"enabled\":false}");
        inOrganization("DELETE /trusted-issuers/{issuer}", OWNERS, 204, cell -> "/trusted-issuers/" + cell.issuer());
    }

    private static void accounts() {
        row("GET /api/v1/accounts", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/accounts"));
        row("POST /api/v1/accounts", ADMINISTRATORS, 201, _ -> Ask.of("/api/v1/accounts")
                .json("{\"name\":\"%s\"}".formatted(Scene.fresh("new"))));
        String one = "/api/v1/accounts/{account}";
        row("GET " + one, ADMINISTRATORS, 200, cell -> Ask.of("/api/v1/accounts/" + cell.account()));
        row("PATCH " + one, ADMINISTRATORS, 200, cell -> Ask.of("/api/v1/accounts/" + cell.account())
                .json("{\"enabled\":false}"));
        row("DELETE " + one, ADMINISTRATORS, 204, cell -> Ask.of("/api/v1/accounts/" + cell.account()));

        row("GET /api/v1/account", EVERYBODY_KNOWN, 200, _ -> Ask.of("/api/v1/account"));
        row("PUT /api/v1/account/password", EVERYBODY_KNOWN, 204, cell -> {
            String password = cell.scene().password(cell.caller());
            return Ask.of("/api/v1/account/password")
                    .json("{\"oldPassword\":\"%s\",\"newPassword\":\"%s\"}".formatted(password, password));
        });
        row("GET /api/v1/account/tokens", EVERYBODY_KNOWN, 200, _ -> Ask.of("/api/v1/account/tokens"));
        row(
                "POST /api/v1/account/tokens",
                EVERYBODY_KNOWN,
                201,
                _ -> Ask.of("/api/v1/account/tokens")
                        .json("{\"name\":\"%s\",\"actions\":[\"pull\"]}".formatted(Scene.fresh("new"))),
                By.PASSWORD);
        row(
                "DELETE /api/v1/account/tokens/{id}",
                EVERYBODY_KNOWN,
                204,
                cell -> Ask.of("/api/v1/account/tokens/" + cell.ownToken()));
    }

    private static void repositories() {
        row("GET /api/v1/repositories", EVERYBODY_KNOWN, 200, _ -> Ask.of("/api/v1/repositories"));
        row("POST /api/v1/repositories", PUSHERS, 201, cell -> Ask.of("/api/v1/repositories")
                .json("{\"name\":\"%s/new\"}".formatted(cell.organization())));
        row(
                "GET /api/v1/repositories/-",
                MEMBERS,
                200,
                cell -> Ask.of("/api/v1/repositories/" + cell.repository() + "/-/"));
        row("PATCH /api/v1/repositories/-", OWNERS, 200, cell -> Ask.of(
                        "/api/v1/repositories/" + cell.repository() + "/-/")
                .json("{\"visibility\":\"public\"}"));
        row(
                "GET /api/v1/repositories/-/readme",
                MEMBERS,
                200,
                cell -> Ask.of("/api/v1/repositories/" + cell.repository() + "/-/readme"));
        row("PUT /api/v1/repositories/-/readme", OWNERS, 200, cell -> Ask.of(
                        "/api/v1/repositories/" + cell.repository() + "/-/readme")
                .json("{\"text\":\"# Web\"}"));
        row("PUT /api/v1/repositories/-/icon", OWNERS, 204, cell -> Ask.of(
                        "/api/v1/repositories/" + cell.repository() + "/-/icon")
                .json("{\"image\":\"PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=\"}"));
        // No resource of ours, and the same for everybody: it says nothing of anything that is kept.
        row("GET /api/v1/openapi", EVERYBODY, 200, _ -> Ask.of("/api/v1/openapi"));
    }

    private static void quotasAndRules() {
        inOrganization("GET /quota", MEMBERS, 200, _ -> "/quota");
        inOrganization(
                "PUT /quota", ADMINISTRATORS_OF_MEMBERS, 200, _ -> "/quota", "{\"bytes\":1,\"repositories\":null}");
        inOrganization("GET /usage", MEMBERS, 200, _ -> "/usage");
        inOrganization("GET /storage", MEMBERS, 200, _ -> "/storage");
        inOrganization("GET /storage/largest", MEMBERS, 200, _ -> "/storage/largest");
        row("GET /api/v1/storage/largest", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/storage/largest"));
        row("GET /api/v1/storage", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/storage"));
        row("GET /api/v1/system", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/system"));
        row("GET /api/v1/repositories/-/usage", MEMBERS, 200, cell -> Ask.of(cell.managed() + "usage"));
        row(
                "GET /api/v1/repositories/-/why/{digest}",
                MEMBERS,
                200,
                cell -> Ask.of("/api/v1/repositories/" + cell.organization() + "/app/-/why/" + cell.blob()));
        row("GET /api/v1/repositories/-/manifests/{reference}", MEMBERS, 200, cell -> {
            cell.image();
            return Ask.of("/api/v1/repositories/" + cell.organization() + "/app/-/manifests/v1");
        });
        row("GET /api/v1/repositories/-/compare", MEMBERS, 200, cell -> {
            cell.image();
            return Ask.of("/api/v1/repositories/" + cell.organization() + "/app/-/compare?from=v1&to=v1");
        });

        String pattern = "{\"pattern\":\"v*\"}";
        inOrganization("GET /immutability-rules", MEMBERS, 200, _ -> "/immutability-rules");
        inOrganization("POST /immutability-rules", OWNERS, 201, _ -> "/immutability-rules", pattern);
        inOrganization(
                "DELETE /immutability-rules/{id}",
                OWNERS,
                204,
                cell -> "/immutability-rules/" + cell.rule(cell.repository()));
        String ofRepository = " /api/v1/repositories/-/immutability-rules";
        row("GET" + ofRepository, MEMBERS, 200, cell -> Ask.of(cell.managed() + "immutability-rules"));
        row("POST" + ofRepository, OWNERS, 201, cell -> Ask.of(cell.managed() + "immutability-rules")
                .json(pattern));
        row("DELETE" + ofRepository + "/{id}", OWNERS, 204, cell -> {
            String managed = cell.managed();
            return Ask.of(managed + "immutability-rules/" + cell.rule(cell.organization() + "/app"));
        });
    }

    private static void history() {
        inOrganization("GET /events", MEMBERS, 200, _ -> "/events");
        inOrganization(
                "POST /events/{reference}/undo",
                OWNERS,
                200,
                cell -> {
                    cell.deletedRepository();
                    return "/events/" + cell.lastEvent() + "/undo";
                },
                "{}");
        // Whoever sees what happened sees what its undo would do, and that he may not do it.
        inOrganization("GET /events/{reference}/undo", MEMBERS, 200, cell -> {
            cell.deletedRepository();
            return "/events/" + cell.lastEvent() + "/undo";
        });
        row("GET /api/v1/repositories/-/events/{reference}/undo", MEMBERS, 200, cell -> {
            cell.image();
            cell.image();
            return Ask.of(
                    "/api/v1/repositories/" + cell.organization() + "/app/-/events/" + cell.lastEvent() + "/undo");
        });
        row("POST /api/v1/repositories/-/purge", OWNERS, 200, cell -> {
            String blob = cell.blob();
            return Ask.of("/api/v1/repositories/" + cell.organization() + "/app/-/purge")
                    .json("{\"digest\":\"%s\",\"reason\":\"a key was in it\"}".formatted(blob));
        });
        String restore = "{\"at\":\"%s\",\"preview\":true}".formatted(Instant.now());
        inOrganization("POST /restore", MAINTAINERS_OF_MEMBERS, 200, _ -> "/restore", restore);
        row("POST /api/v1/repositories/-/restore", MAINTAINERS_OF_MEMBERS, 200, cell -> Ask.of(
                        cell.managed() + "restore")
                .json(restore));
        row("DELETE /api/v1/repositories/-", OWNERS, 204, cell -> Ask.of(cell.managed()));
        row("GET /api/v1/repositories/-/events", MEMBERS, 200, cell -> Ask.of(cell.managed() + "events"));
        row("POST /api/v1/repositories/-/events/{reference}/undo", PUSHERS, 200, cell -> {
            cell.image();
            cell.image();
            return Ask.of("/api/v1/repositories/" + cell.organization() + "/app/-/events/" + cell.lastEvent() + "/undo")
                    .json("{}");
        });
    }

    private static void lists() {
        row("GET /api/v1/audit", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/audit"));
        row("GET /api/v1/audit/export", ADMINISTRATORS, 200, _ -> Ask.of("/api/v1/audit/export"));
        inOrganization("GET /audit", OWNERS, 200, _ -> "/audit");
        inOrganization("GET /audit/export", OWNERS, 200, _ -> "/audit/export");
        String tags = "GET /api/v1/repositories/-/tags";
        row(tags, MEMBERS, 200, cell -> Ask.of(cell.managed() + "tags"));
        row("GET /api/v1/images", EVERYBODY_KNOWN, 200, _ -> Ask.of("/api/v1/images"));
        row("GET /v1/_ping", EVERYBODY, 200, _ -> Ask.of("/v1/_ping"));
        row("GET /v1/search", EVERYBODY_KNOWN, 200, _ -> Ask.of("/v1/search?q=a"));
        row(tags + "/{tag}", MEMBERS, 200, cell -> Ask.of(cell.tag()));
        row(tags + "/{tag}/history", MEMBERS, 200, cell -> Ask.of(cell.tag() + "/history"));
    }

    private static void retention() {
        String policy = "{\"rules\":[{\"rule\":\"keep-latest\",\"count\":5}]}";
        Function<Cell, String> set = cell -> {
            cell.retention(Optional.empty());
            return "/retention";
        };
        inOrganization("GET /retention", MEMBERS, 200, set);
        inOrganization("PUT /retention", OWNERS, 200, _ -> "/retention", policy);
        inOrganization("DELETE /retention", OWNERS, 204, set);
        inOrganization("POST /retention/preview", DELETERS, 201, cell -> set.apply(cell) + "/preview", "{}");
        inOrganization("POST /retention/run", DELETERS, 201, cell -> set.apply(cell) + "/run", "{}");
        inOrganization("GET /retention/runs", MEMBERS, 200, _ -> "/retention/runs");
        inOrganization(
                "GET /retention/runs/{id}",
                MEMBERS,
                200,
                cell -> "/retention/runs/" + cell.retentionRun(Optional.empty()));
        inOrganization(
                "POST /retention/runs/{id}/undo",
                DELETERS,
                201,
                cell -> "/retention/runs/" + cell.retentionRun(Optional.empty()) + "/undo",
                "{}");

        String ofRepository = " /api/v1/repositories/-/retention";
        Function<Cell, Ask> ofOne = cell -> {
            String managed = cell.managed();
            cell.retention(Optional.of(cell.organization() + "/app"));
            return Ask.of(managed + "retention");
        };
        row("GET" + ofRepository, MEMBERS, 200, ofOne);
        row("PUT" + ofRepository, OWNERS, 200, cell -> Ask.of(cell.managed() + "retention")
                .json(policy));
        row("DELETE" + ofRepository, OWNERS, 204, ofOne);
        row("POST" + ofRepository + "/preview", DELETERS, 201, cell -> Ask.of(
                        ofOne.apply(cell).target() + "/preview")
                .json("{}"));
        row("POST" + ofRepository + "/run", DELETERS, 201, cell -> Ask.of(
                        ofOne.apply(cell).target() + "/run")
                .json("{}"));
        row("GET" + ofRepository + "/runs", MEMBERS, 200, cell -> Ask.of(cell.managed() + "retention/runs"));
        row("GET" + ofRepository + "/runs/{id}", MEMBERS, 200, cell -> {
            String managed = cell.managed();
            return Ask.of(managed + "retention/runs/" + cell.retentionRun(Optional.of(cell.organization() + "/app")));
        });
        row("POST" + ofRepository + "/runs/{id}/undo", DELETERS, 201, cell -> {
            String managed = cell.managed();
            String run = cell.retentionRun(Optional.of(cell.organization() + "/app"));
            return Ask.of(managed + "retention/runs/" + run + "/undo").json("{}");
        });
    }

    private static void webhooks() {
        String one = "/webhooks/{webhook}";
        inOrganization("GET /webhooks", OWNERS, 200, _ -> "/webhooks");
        inOrganization(
                "POST /webhooks",
                OWNERS,
                201,
                _ -> "/webhooks",
                "{\"name\":\"{fresh}\",\"url\":\"https://9.9.9.9/hook\",\"events\":[\"tag_created\"]}");
        inOrganization("GET " + one, OWNERS, 200, cell -> "/webhooks/" + cell.webhook());
        inOrganization("PATCH " + one, OWNERS, 200, cell -> "/webhooks/" + cell.webhook(), "{\"enabled\":false}");
        inOrganization("DELETE " + one, OWNERS, 204, cell -> "/webhooks/" + cell.webhook());
        inOrganization("POST " + one + "/secret", OWNERS, 200, cell -> "/webhooks/" + cell.webhook() + "/secret", "{}");
        inOrganization("POST " + one + "/ping", OWNERS, 200, cell -> "/webhooks/" + cell.webhook() + "/ping", "{}");
        inOrganization(
                "GET " + one + "/deliveries", OWNERS, 200, cell -> "/webhooks/" + cell.webhook() + "/deliveries");
        inOrganization(
                "POST " + one + "/deliveries/{delivery}/redeliver",
                OWNERS,
                200,
                cell -> {
                    String webhook = cell.webhook();
                    return "/webhooks/" + webhook + "/deliveries/" + cell.delivery(webhook) + "/redeliver";
                },
                "{}");
        inOrganization(
                "POST " + one + "/dead-letters/redeliver",
                OWNERS,
                200,
                cell -> "/webhooks/" + cell.webhook() + "/dead-letters/redeliver",
                "{}");
    }
}
