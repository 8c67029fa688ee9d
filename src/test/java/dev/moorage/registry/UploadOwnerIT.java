package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.testing.ImageFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose an upload is, and how many an organization may have. */
class UploadOwnerIT {

    private static final int MOST = 3;
    private static final Grant ANNA = TestGrants.to("acme/web", "anna");
    private static final Grant BERT = TestGrants.to("acme/web", "bert");

    private final byte[] bytes = ImageFactory.seeded(61).bytes(1000);
    private final Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(
                new FilesystemBlobStore(directory),
                Map.of("moorage.uploads.open-per-organization", Integer.toString(MOST)));
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void uploadIsUnknownToEverybodyButWhoBeganIt() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.chunk(bytes));

        refusedToBert(id);
        assertThat(registry.uploads().status(ANNA, id).offset()).isEqualTo(bytes.length);

        assertThat(finish(ANNA, id)).isEqualTo(digest);
        refusedToBert(id);
        assertThat(finish(ANNA, id))
                .as("a repeated request is answered as before")
                .isEqualTo(digest);
    }

    @Test
    void repeatedFinishRenewsTheLeaseOfItsBlobOrIsRefused() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.chunk(bytes));
        finish(ANNA, id);
        registry.sql().change("UPDATE repository_blob SET leased_at = leased_at - interval '3 days'");

        assertThat(finish(ANNA, id)).isEqualTo(digest);
        assertThat(registry.sql()
                        .number("SELECT count(*) FROM repository_blob WHERE leased_at > now() - interval '1 hour'"))
                .isOne();

        registry.deletes().blob(TestGrants.to("acme/web"), digest);
        assertThatThrownBy(() -> finish(ANNA, id)).isInstanceOf(UploadUnknown.class);
    }

    @Test
    void jobOfAnotherIssuerWithTheSameSubjectIsSomebodyElse() {
        registry.begin("acme/web");
        Grant job = TestGrants.ofJob("acme/web", 1, "repo:main");
        UploadId id = begin(job);

        assertThat(registry.uploads().status(job, id).offset()).isZero();
        assertThatThrownBy(() -> registry.uploads().status(TestGrants.ofJob("acme/web", 2, "repo:main"), id))
                .isInstanceOf(UploadUnknown.class);
    }

    private void refusedToBert(UploadId id) {
        String before = row(id);
        assertThatThrownBy(() -> registry.uploads().status(BERT, id)).isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> registry.uploads().append(BERT, id, RegistryHarness.chunk(bytes)))
                .isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> finish(BERT, id)).isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> registry.uploads().cancel(BERT, id)).isInstanceOf(UploadUnknown.class);
        assertThat(row(id)).as("nothing is touched").isEqualTo(before);
    }

    private String row(UploadId id) {
        return registry.sql()
                .rows("SELECT u::text FROM upload u WHERE id = ?", id.value())
                .getFirst();
    }

    /** How an upload is open no more. */
    enum End {
        FINISHED(test -> test.finish(ANNA, test.open)),
        CANCELLED(test -> test.registry.uploads().cancel(ANNA, test.open)),
        EXPIRED(test ->
                test.registry.sql().change("UPDATE upload SET expires_at = now() WHERE id = ?", test.open.value()));

        @SuppressWarnings("ImmutableEnumChecker") // Ways hold no state.
        private final Consumer<UploadOwnerIT> way;

        End(Consumer<UploadOwnerIT> way) {
            this.way = way;
        }
    }

    private UploadId open;

    @ParameterizedTest
    @EnumSource
    void organizationHasOnlySoManyUploadsOpen(End end) {
        open = begin(ANNA);
        registry.uploads().append(ANNA, open, RegistryHarness.chunk(bytes));
        begin(BERT);
        begin(TestGrants.to("acme/api", "bert"));

        Grant fresh = TestGrants.to("acme/fresh", "anna");
        TooManyRequests refusal = catchThrowableOfType(TooManyRequests.class, () -> begin(fresh));
        assertThat(refusal.headers()).containsEntry("Retry-After", "10");
        assertThatThrownBy(() -> registry.uploads().whole(BERT, digest, RegistryHarness.chunk(bytes)))
                .isInstanceOf(TooManyRequests.class);
        assertThat(registry.sql().number("SELECT count(*) FROM upload")).isEqualTo(MOST);
        assertThat(registry.sql().number("SELECT count(*) FROM repository WHERE name = 'acme/fresh'"))
                .isZero();
        begin(TestGrants.to("other/web", "anna"));

        end.way.accept(this);
        begin(fresh);
        assertThatThrownBy(() -> begin(fresh)).isInstanceOf(TooManyRequests.class);
    }

    private UploadId begin(Grant grant) {
        return registry.uploads().begin(grant, Digest.Algorithm.SHA256).id();
    }

    private Digest finish(Grant grant, UploadId id) {
        return registry.uploads().finish(grant, id, Optional.of(digest.toString()), RegistryHarness.chunk(new byte[0]));
    }
}
