package dev.moorage.http;

import dev.moorage.access.Secret;
import dev.moorage.access.SignedTokens;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A program in secured mode with one account for each caller of the table, and as many organizations as are asked for. */
final class Scene implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";
    private static final String ADMINISTRATORS = "the first password";
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final AtomicLong NUMBER = new AtomicLong();

    final MoorageProcess program;
    final Sql sql;
    /** What the program's token server would give, now or at another time. */
    final SignedTokens signed;

    private final Map<Caller, String> tokens = new EnumMap<>(Caller.class);

    Scene(String label) {
        program = MoorageProcess.start(
                label,
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", KEY)
                        .property("moorage.access.throttle.address-failures", "1000000")
                        .property("moorage.access.admin-password", ADMINISTRATORS));
        sql = new Sql(program.database().source());
        signed = new SignedTokens(program.database().source(), KEY);
        for (Caller caller : Caller.values()) {
            if (caller != Caller.NONE) {
                makeAccount(caller);
            }
        }
        give(sql.number("INSERT INTO organization (name) VALUES ('other') RETURNING id"), "owner", Caller.OTHER);
    }

    private void makeAccount(Caller caller) {
        if (caller != Caller.ADMINISTRATOR) {
            byPassword(Caller.ADMINISTRATOR)
                    .request("POST", "/api/v1/accounts")
                    .header("Content-Type", "application/json")
                    .body(AuthorizationTable.bytes(
                            "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(caller.account(), PASSWORD)))
                    .send()
                    .expect(201);
        }
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        sql.change("""
                INSERT INTO access_token (account_id, name, secret_hash, actions, expires_at)
                SELECT id, 'table', ?, '{pull,push,delete,administer}', CASE WHEN ? THEN now() - interval '1 minute' END
                FROM account WHERE name = ?
                """, secret.hash(), caller == Caller.EXPIRED, caller.account());
        tokens.put(caller, secret.reveal());
    }

    /** The registry as a caller meets it, who shows a personal token. */
    RegistryClient client(Caller caller) {
        return caller == Caller.NONE
                ? program.client()
                : program.client().showing(caller.account(), tokens.get(caller));
    }

    /** The same for one who shows his password; an expired token has none that would do. */
    RegistryClient byPassword(Caller caller) {
        return switch (caller) {
            case NONE, EXPIRED -> client(caller);
            case ADMINISTRATOR -> program.client().showing(caller.account(), ADMINISTRATORS);
            case OTHER, PULL, PUSH, MAINTAINER, OWNER -> program.client().showing(caller.account(), PASSWORD);
        };
    }

    /** What a caller knows: his account's name and his personal token. */
    String token(Caller caller) {
        return tokens.getOrDefault(caller, "");
    }

    String password(Caller caller) {
        return caller == Caller.ADMINISTRATOR ? ADMINISTRATORS : PASSWORD;
    }

    /** An organization of its own for one question of one caller. */
    Cell cell(Caller caller) {
        String name = fresh("acme");
        long id = sql.number("""
                WITH made AS (INSERT INTO organization (name) VALUES (?) RETURNING id),
                    roles AS (
                        INSERT INTO permission_grant (organization_id, role, account_id)
                        SELECT made.id, held.role, a.id
                        FROM made
                        CROSS JOIN (VALUES ('the-pull', 'reader'), ('the-push', 'writer'), ('the-maintainer', 'maintainer'),
                            ('the-owner', 'owner'), ('the-expired', 'owner')) held (account, role)
                        JOIN account a ON a.name = held.account)
                SELECT id FROM made
                """, name);
        return new Cell(this, caller, name, id);
    }

    /** Gives a caller a role on a whole organization. */
    void give(long organization, String role, Caller caller) {
        sql.change("""
                INSERT INTO permission_grant (organization_id, role, account_id)
                SELECT ?, ?, id FROM account WHERE name = ?
                """, organization, role, caller.account());
    }

    static String fresh(String what) {
        return what + NUMBER.incrementAndGet();
    }

    @Override
    public void close() {
        program.close();
    }

    /**
     * One question of one caller, with things of its own that it may be about.
     *
     * @param organization its name
     * @param id its number
     */
    record Cell(Scene scene, Caller caller, String organization, long id) {

        String team() {
            String name = fresh("team");
            scene.sql.change("INSERT INTO team (organization_id, name) VALUES (?, ?)", id, name);
            return name;
        }

        String teamWithMember(String account) {
            String team = team();
            scene.sql.change("""
                    INSERT INTO team_member (organization_id, team_id, account_id)
                    SELECT t.organization_id, t.id, a.id FROM team t, account a WHERE t.organization_id = ? AND t.name = ? AND a.name = ?
                    """, id, team, account);
            return team;
        }

        String robot() {
            String name = fresh("robot");
            scene.sql.change(
                    "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, ?, ?)",
                    id,
                    name,
                    Secret.make(Secret.Kind.ROBOT).hash());
            return name;
        }

        String issuer() {
            String name = fresh("issuer");
            scene.sql.change("""
                    INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns)
                    VALUES (?, ?, 'https://ci.example', 'moorage', '{"ref":"main"}')
                    """, id, name);
            return name;
        }

        /** A webhook whose secret nobody can read, so that nothing is ever sent. */
        String webhook() {
            String name = fresh("webhook");
            scene.sql.change("""
                    WITH made AS (
                        INSERT INTO webhook (organization_id, name, url, format, kinds, secret, enabled)
                        VALUES (?, ?, 'https://127.0.0.1/', 'cloudevents', '{tag_created}', ?, false)
                        RETURNING id, organization_id)
                    INSERT INTO webhook_turn (webhook_id, organization_id) SELECT id, organization_id FROM made
                    """, id, name, new byte[32]);
            return name;
        }

        /** Something that a webhook was told. */
        String delivery(String webhook) {
            return scene.sql.rows("""
                    INSERT INTO delivery (organization_id, webhook_id, repository_id, message, request, kind, at, actor, client,
                        state, finished_at)
                    SELECT organization_id, id, 0, gen_random_uuid(), gen_random_uuid(), 'tag_created', now(), '', '', 'dead', now()
                    FROM webhook WHERE organization_id = ? AND name = ?
                    RETURNING reference
                    """, id, webhook).getFirst();
        }

        String account() {
            String name = fresh("account");
            scene.sql.change("INSERT INTO account (name) VALUES (?)", name);
            return name;
        }

        String member() {
            String name = account();
            scene.sql.change("""
                    INSERT INTO permission_grant (organization_id, role, account_id)
                    SELECT ?, 'reader', id FROM account WHERE name = ?
                    """, id, name);
            return name;
        }

        long grant() {
            return scene.sql.number("""
                    SELECT p.id FROM permission_grant p JOIN account a ON a.id = p.account_id
                    WHERE p.organization_id = ? AND a.name = ?
                    """, id, member());
        }

        long ownToken() {
            return scene.sql.number(
                    """
                    INSERT INTO access_token (account_id, name, secret_hash, actions)
                    SELECT id, ?, ?, '{pull}' FROM account WHERE name = ? RETURNING id
                    """,
                    fresh("token"),
                    Secret.make(Secret.Kind.PERSONAL).hash(),
                    caller == Caller.NONE ? Caller.OTHER.account() : caller.account());
        }

        String repository() {
            String name = organization + "/app";
            scene.sql.change(
                    "INSERT INTO repository (organization_id, name, visibility) VALUES (?, ?, 'private')", id, name);
            return name;
        }

        /** The path of a new repository in the management API. */
        String managed() {
            return "/api/v1/repositories/" + repository() + "/-/";
        }

        long rule(String repository) {
            return scene.sql.number("""
                    INSERT INTO immutability_rule (organization_id, repository_id, tag_pattern)
                    SELECT organization_id, id, 'v*' FROM repository WHERE name = ?
                    RETURNING id
                    """, repository);
        }

        /** Gives a repository, or the organization, a retention policy. */
        void retention(Optional<String> repository) {
            scene.sql.change("""
                    INSERT INTO retention_policy (organization_id, repository_id, rules)
                    SELECT o.id, r.id, '{keep-latest 5}'
                    FROM organization o
                    LEFT JOIN repository r ON r.organization_id = o.id AND r.name = ?
                    WHERE o.name = ?
                    """, repository.orElse(""), organization);
        }

        /** A run of the retention policy of a repository, or of the organization. */
        String retentionRun(Optional<String> repository) {
            String id = UUID.randomUUID().toString();
            scene.sql.change("""
                    INSERT INTO retention_run (id, organization_id, repository_id, kind, rules, actor, address, client,
                        claim_names, claim_values, group_id, state, finished_at)
                    SELECT ?::uuid, o.id, r.id, 'run', '{keep-latest 5}', 'tester', '', '', '{}', '{}', ?::uuid, 'done', now()
                    FROM organization o
                    LEFT JOIN repository r ON r.organization_id = o.id AND r.name = ?
                    WHERE o.name = ?
                    """, id, id, repository.orElse(""), organization);
            return id;
        }

        /** The repository as an administrator meets it. */
        RepositoryClient pushed() {
            return scene.client(Caller.ADMINISTRATOR).repository(organization + "/app");
        }

        Image image() {
            return pushed().push("v1", ImageFactory.fresh().image());
        }

        /** Deletes a new repository by the management API. */
        void deletedRepository() {
            scene.client(Caller.ADMINISTRATOR)
                    .request("DELETE", managed())
                    .send()
                    .expect(204);
        }

        /** What the newest event of the organization is called. */
        String lastEvent() {
            return scene.sql
                    .rows("SELECT reference FROM event WHERE organization_id = ? ORDER BY id DESC LIMIT 1", id)
                    .getFirst();
        }

        /** The path of a tag in the management API. */
        String tag() {
            image();
            return "/api/v1/repositories/" + organization + "/app/-/tags/v1";
        }

        String blob() {
            return pushed().pushBlob(ImageFactory.fresh().bytes(100));
        }

        /** An upload that the caller has begun where he may, and an administrator else. */
        String upload() {
            boolean may = List.of(Caller.PUSH, Caller.MAINTAINER, Caller.OWNER, Caller.ADMINISTRATOR)
                    .contains(caller);
            return pushed().through(scene.client(may ? caller : Caller.ADMINISTRATOR))
                    .beginUpload();
        }
    }
}
