package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.TeamStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.Tag;
import dev.moorage.name.TeamId;
import dev.moorage.name.UploadId;
import dev.moorage.registry.MountService.Mount;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.PushService.Push;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a grant is worth when it is used, which may be long after it was given. */
class GrantGuardIT {

    private static final Tag V1 = new Tag("v1");

    @TempDir
    Path directory;

    private RegistryHarness registry;
    private SecuredHarness secured;
    private final ImageFactory images = ImageFactory.seeded(7);
    private Image image;
    private long anna;
    private long acme;
    private long permission;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        secured = new SecuredHarness(registry.plain(), Map.of());
        anna = secured.account("anna");
        image = images.image();
        registry.pushImage("acme/web", "v1", image);
        registry.pushImage("other/web", "v1", image);
        acme = id("SELECT id FROM organization WHERE name = 'acme'");
        permission = secured.give(acme, "", "writer", anna);
    }

    @AfterEach
    void stop() throws SQLException {
        registry.close();
    }

    /** What ends the right of a token that is still good by its dates. */
    enum Revocation {
        ACCOUNT_DISABLED("UPDATE account SET disabled_at = now() WHERE name = 'anna'"),
        ACCOUNT_DELETED("UPDATE account SET deleted_at = now() WHERE name = 'anna'"),
        EPOCH_RAISED("UPDATE account SET epoch = epoch + 1 WHERE name = 'anna'"),
        REPOSITORY_MADE_AGAIN("UPDATE repository SET deleted_at = now() WHERE name = 'acme/web'");

        private final String sql;

        Revocation(String sql) {
            this.sql = sql;
        }
    }

    @ParameterizedTest
    @EnumSource
    void revocationActsOnTheNextRequest(Revocation revocation) {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull,push"));
        assertThat(registry.pulls().manifest(pull(visitor, "acme/web"), V1).digest())
                .isNotNull();

        secured.sql().change(revocation.sql);
        registry.pushImage("acme/web", "v1", image);

        Grant grant = pull(visitor, "acme/web");
        Digest layer = RegistryHarness.digest(image.blobs().getFirst().digest());
        Unauthorized refusal =
                catchThrowableOfType(Unauthorized.class, () -> registry.pulls().manifest(grant, V1));
        assertThat(refusal.headers().get("WWW-Authenticate"))
                .contains("scope=\"repository:acme/web:pull\"")
                .endsWith(
                        revocation == Revocation.REPOSITORY_MADE_AGAIN
                                ? "error=\"insufficient_scope\""
                                : "error=\"invalid_token\"");
        refused(() -> registry.pulls().manifestHead(grant, V1));
        refused(() -> registry.pulls().blob(grant, layer));
        refused(() -> registry.pulls().blobHead(grant, layer));
        refused(() -> registry.lists().tags(grant, "", 10));
        refused(() ->
                registry.lists().referrers(grant, RegistryHarness.digest(image.digest()), Optional.empty(), "", 10));
        refused(() -> registry.uploads().begin(grant, Digest.Algorithm.SHA256));
        refused(() -> registry.deletes().blob(grant, layer));
    }

    @Test
    void whatOneOrganizationTakesAwayEndsNothingThatRestsOnAnother() {
        long other = id("SELECT id FROM organization WHERE name = 'other'");
        long elsewhere = secured.give(other, "", "reader", anna);
        Visitor here = SecuredHarness.bearer(token("repository:acme/web:pull,push"));
        Visitor there = SecuredHarness.bearer(token("repository:other/web:pull"));
        UploadId open = registry.uploads()
                .begin(push(here, "acme/web"), Digest.Algorithm.SHA256)
                .id();

        revoke(other, elsewhere);

        assertThat(registry.pulls().manifest(pull(here, "acme/web"), V1).digest())
                .isNotNull();
        assertThat(registry.uploads().status(push(here, "acme/web"), open).offset())
                .isZero();
        refused(() -> registry.pulls().manifest(pull(there, "other/web"), V1));

        revoke(acme, permission);
        refused(() -> registry.pulls().manifest(pull(here, "acme/web"), V1));
        refused(() -> registry.uploads().status(push(here, "acme/web"), open));
    }

    @Test
    void aRoleThatIsGivenAgainNeedsANewToken() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull"));
        revoke(acme, permission);
        permission = secured.give(acme, "", "reader", anna);

        refused(() -> registry.pulls().manifest(pull(visitor, "acme/web"), V1));
        Visitor again = SecuredHarness.bearer(token("repository:acme/web:pull"));
        assertThat(registry.pulls().manifest(pull(again, "acme/web"), V1).digest())
                .isNotNull();
        revoke(acme, permission);
        refused(() -> registry.pulls().manifest(pull(again, "acme/web"), V1));
    }

    @Test
    void whoLeavesTheTeamsOfAnOrganizationLosesWhatTheyHeldThere() {
        revoke(acme, permission);
        TeamStore teams = new TeamStore();
        OrganizationId organization = new OrganizationId(acme);
        for (String name : List.of("builders", "readers")) {
            registry.transactions().run(Durability.POWER_CUT, tx -> {
                TeamId team = teams.insert(tx, organization, name).orElseThrow().id();
                new GrantStore().insert(tx, organization, "", Role.READER, new GrantStore.Holder.Team(team));
                teams.add(tx, organization, team, new AccountId(anna));
            });
        }
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull"));
        assertThat(registry.pulls().manifest(pull(visitor, "acme/web"), V1).digest())
                .isNotNull();

        registry.transactions().run(Durability.POWER_CUT, tx -> teams.leaveAll(tx, organization, new AccountId(anna)));

        refused(() -> registry.pulls().manifest(pull(visitor, "acme/web"), V1));
    }

    private void revoke(long organization, long grant) {
        boolean revoked = registry.transactions()
                .call(Durability.POWER_CUT, tx -> new GrantStore().revoke(tx, new OrganizationId(organization), grant));
        assertThat(revoked).isTrue();
    }

    @Test
    void pullOfWhatIsThereIsOneStatement() {
        Grant grant = pull(SecuredHarness.bearer(token("repository:acme/web:pull")), "acme/web");
        Digest layer = RegistryHarness.digest(image.blobs().getFirst().digest());
        List<String> statements = new ArrayList<>();
        registry.database().onCommitted(work -> statements.addAll(work.statements()));

        registry.pulls().manifest(grant, V1);
        registry.pulls().manifestHead(grant, V1);
        registry.pulls().manifest(grant, RegistryHarness.digest(image.digest()));
        registry.pulls().blob(grant, layer);
        registry.pulls().blobHead(grant, layer);

        assertThat(statements).hasSize(5).allMatch(sql -> sql.contains("FROM account g"));
    }

    @Test
    void grantThatIsTakenAwayEndsTheTokensThatRestOnIt() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull"));
        registry.transactions().read(tx -> new GrantStore().revoke(tx, new OrganizationId(acme), permission));

        refused(() -> registry.pulls().manifest(pull(visitor, "acme/web"), V1));
    }

    @Test
    void absentThingsOfARepositoryThatOneMayReadAre404() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull repository:acme/none:pull"));

        assertThatThrownBy(() -> registry.pulls().manifest(pull(visitor, "acme/web"), new Tag("v2")))
                .isInstanceOf(ManifestUnknown.class);
        assertThatThrownBy(() -> registry.pulls().manifest(pull(visitor, "acme/none"), V1))
                .isInstanceOf(NameUnknown.class);
    }

    @Test
    void tokenForARepositoryThatWasAbsentOpensOneThatIsMadeSinceAndNoOlderOne() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/fresh:pull,push"));
        UploadId upload = registry.uploads()
                .begin(push(visitor, "acme/fresh"), Digest.Algorithm.SHA256)
                .id();
        assertThat(registry.uploads()
                        .status(push(visitor, "acme/fresh"), upload)
                        .offset())
                .isZero();

        secured.sql()
                .change(
                        "UPDATE repository SET created_at = created_at - interval '5 seconds' WHERE name = 'acme/fresh'");
        refused(() -> registry.uploads().status(push(visitor, "acme/fresh"), upload));
    }

    @Test
    void whoIsRevokedDuringAPushDoesNotFinishIt() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull,push"));
        byte[] bytes = images.bytes(4096);
        Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);
        Grant grant = push(visitor, "acme/web");
        UploadId upload =
                registry.uploads().begin(grant, Digest.Algorithm.SHA256).id();
        registry.uploads().append(grant, upload, RegistryHarness.chunk(bytes));
        raiseEpoch();

        refused(() -> registry.uploads()
                .finish(grant, upload, Optional.of(digest.toString()), RegistryHarness.chunk(new byte[0])));
        assertThat(secured.sql().number("SELECT count(*) FROM blob WHERE digest = ?", digest.toString()))
                .isZero();
        registry.checkInvariants();
    }

    @Test
    void whoIsRevokedWhileTheLastBodyStreamsDoesNotFinishIt() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull,push"));
        byte[] bytes = images.bytes(4096);
        Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);
        Grant grant = push(visitor, "acme/web");
        UploadId upload =
                registry.uploads().begin(grant, Digest.Algorithm.SHA256).id();
        InputStream body = new SequenceInputStream(new ByteArrayInputStream(bytes), new InputStream() {
            @Override
            public int read() {
                raiseEpoch();
                return -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return read();
            }
        });

        refused(() ->
                registry.uploads().finish(grant, upload, Optional.of(digest.toString()), RegistryHarness.chunk(body)));
        assertThat(secured.sql().number("SELECT count(*) FROM blob WHERE digest = ?", digest.toString()))
                .isZero();
        registry.checkInvariants();
    }

    @Test
    void whoIsRevokedDuringAPushDoesNotPutItsManifest() {
        Grant grant = push(SecuredHarness.bearer(token("repository:acme/web:pull,push")), "acme/web");
        Image late = images.image();
        late.blobs().forEach(blob -> registry.pushBlob("acme/web", blob.bytes()));
        Push manifest = new Push(
                V1,
                List.of(),
                Optional.of(new MediaType(late.manifest().mediaType())),
                late.manifest().bytes(),
                Precondition.NONE);
        raiseEpoch();

        refused(() -> registry.pushes().put(grant, manifest));
        assertThat(secured.sql().number("SELECT count(*) FROM manifest WHERE digest = ?", late.digest()))
                .isZero();
        assertThat(secured.sql().rows("SELECT DISTINCT manifest_digest FROM tag"))
                .containsExactly(image.digest());
        registry.checkInvariants();
    }

    @Test
    void tokenThatExpiresWhileTheBodyStreamsDoesNotBreakThePush() {
        Visitor visitor = SecuredHarness.bearer(token("repository:acme/web:pull,push"));
        byte[] bytes = images.bytes(4096);
        Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);
        Grant grant = push(visitor, "acme/web");
        UploadId upload =
                registry.uploads().begin(grant, Digest.Algorithm.SHA256).id();
        secured.pass(Duration.ofHours(2));
        assertThatThrownBy(() -> push(visitor, "acme/web")).isInstanceOf(Unauthorized.class);

        assertThat(registry.uploads()
                        .finish(grant, upload, Optional.of(digest.toString()), RegistryHarness.chunk(bytes)))
                .isEqualTo(digest);
    }

    @Test
    void anonymousPullOfAPublicRepositoryEndsWhenItBecomesPrivate() {
        secured.sql().change("UPDATE repository SET visibility = 'public' WHERE name = 'other/web'");
        Visitor nobody = SecuredHarness.bearer(
                secured.token(SecuredHarness.visitor(new Credentials.None()), "repository:other/web:pull,push"));
        assertThat(registry.pulls().manifest(pull(nobody, "other/web"), V1).digest())
                .isNotNull();
        assertThatThrownBy(() -> push(nobody, "other/web")).isInstanceOf(Unauthorized.class);

        secured.sql().change("UPDATE repository SET visibility = 'private' WHERE name = 'other/web'");
        refused(() -> registry.pulls().manifest(pull(nobody, "other/web"), V1));
    }

    @Test
    void absentAndForbiddenRepositoriesAreTheSameAnswerAfterTheSameStatements() {
        for (Visitor visitor : List.of(
                SecuredHarness.visitor(new Credentials.None()),
                SecuredHarness.visitor(new Credentials.Bearer("x")),
                SecuredHarness.bearer(token("repository:acme/web:pull")),
                SecuredHarness.basic("anna", SecuredHarness.PASSWORD))) {
            Unauthorized[] refusals = new Unauthorized[2];
            List<String> forbidden =
                    secured.statementsOf(() -> refusals[0] = refused(() -> pull(visitor, "other/web")));
            List<String> absent = secured.statementsOf(() -> refusals[1] = refused(() -> pull(visitor, "other/wob")));

            assertThat(forbidden).isEqualTo(absent);
            assertThat(refusals[0].headers().toString().replace("other/web", "other/wob"))
                    .isEqualTo(refusals[1].headers().toString());
            assertThat(refusals[0].entries()).isEqualTo(refusals[1].entries());
        }
        assertThat(secured.statementsOf(
                        () -> refused(() -> pull(SecuredHarness.visitor(new Credentials.None()), "acme/web"))))
                .as("nothing is looked up for a request that shows nothing")
                .isEmpty();
    }

    @Test
    void blobIsMountedFromWhereItsCallerMayPullAndFromNowhereElse() {
        Grant grant = push(SecuredHarness.bearer(token("repository:acme/copy:pull,push")), "acme/copy");
        Digest shared = RegistryHarness.digest(image.blobs().getFirst().digest());
        Digest hidden = registry.pushBlob("other/secret", images.bytes(100));
        Digest open = registry.pushBlob("other/open", images.bytes(101));
        secured.sql().change("UPDATE repository SET visibility = 'public' WHERE name = 'other/open'");
        secured.sql().change("UPDATE repository_blob SET in_public = true WHERE digest = ?", open.toString());

        assertThat(registry.mounts().mount(grant, shared, Optional.empty())).isInstanceOf(Mount.Linked.class);
        assertThat(registry.mounts().mount(grant, open, Optional.empty())).isInstanceOf(Mount.Linked.class);
        assertThat(registry.mounts().mount(grant, hidden, Optional.empty())).isInstanceOf(Mount.NotPossible.class);
        assertThat(registry.mounts().mountHeld(grant, shared, new RepositoryName("acme/web")))
                .isInstanceOf(Mount.Linked.class);
        assertThat(registry.mounts().mountHeld(grant, open, new RepositoryName("other/open")))
                .isInstanceOf(Mount.Linked.class);
        for (String source : List.of("other/secret", "other/none", "acme/none")) {
            assertThat(registry.mounts().mountHeld(grant, hidden, new RepositoryName(source)))
                    .isInstanceOf(Mount.NotPossible.class);
        }
        assertThat(secured.access.offered(
                        SecuredHarness.bearer(token("repository:acme/copy:push repository:other/secret:pull")),
                        new RepositoryName("other/secret"),
                        Action.PULL))
                .isEmpty();
    }

    @Test
    void catalogHoldsWhatTheCallerMayPullAndNothingElse() {
        registry.pushImage("acme/api", "v1", image);
        registry.pushImage("acmes/web", "v1", image);
        registry.pushImage("other/open", "v1", image);
        secured.sql().change("UPDATE repository SET visibility = 'public' WHERE name = 'other/open'");
        Grant grant = secured.access.catalog(SecuredHarness.bearer(token("registry:catalog:*")));
        Grant nobodys = secured.access.catalog(SecuredHarness.bearer(
                secured.token(SecuredHarness.visitor(new Credentials.None()), "registry:catalog:*")));

        assertThat(registry.lists().catalog(grant, "", 100).items())
                .containsExactly("acme/api", "acme/web", "other/open");
        assertThat(registry.lists().catalog(grant, "", 1).items()).containsExactly("acme/api");
        assertThat(registry.lists().catalog(grant, "acme/api", 1).items()).containsExactly("acme/web");
        assertThat(registry.lists().catalog(grant, "acme/web", 1).more()).isFalse();
        assertThat(registry.lists().catalog(nobodys, "", 100).items()).containsExactly("other/open");

        secured.sql().change("DELETE FROM permission_grant");
        secured.give(acme, "api", "reader", anna);
        assertThat(registry.lists().catalog(grant, "", 100).items()).containsExactly("acme/api", "other/open");
    }

    private void raiseEpoch() {
        secured.sql().change("UPDATE account SET epoch = epoch + 1 WHERE id = ?", anna);
    }

    private String token(String scopes) {
        return secured.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD), scopes);
    }

    private Grant pull(Visitor visitor, String repository) {
        return secured.access.require(visitor, new RepositoryName(repository), Action.PULL);
    }

    private Grant push(Visitor visitor, String repository) {
        return secured.access.require(visitor, new RepositoryName(repository), Action.PUSH);
    }

    private long id(String sql) {
        return secured.sql().number(sql);
    }

    private static Unauthorized refused(ThrowingCallable work) {
        Unauthorized refusal = catchThrowableOfType(Unauthorized.class, work);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
