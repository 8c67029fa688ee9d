package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.registry.Race.Answers;
import dev.moorage.registry.Race.Meeting;
import dev.moorage.registry.ReferenceScene.Adder;
import dev.moorage.registry.ReferenceScene.Taker;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each pair of one who adds a reference and one who takes away what it names, in both orders, the second one stopped by a
 * lock of the first at the bad moment.
 */
class ReferenceGuardIT {

    @TempDir
    private static Path directory;

    private static RegistryHarness one;
    private static RegistryHarness two;
    private static int scenes;

    @BeforeAll
    static void start() {
        one = RegistryHarness.fresh(directory.resolve("store-" + scenes));
        two = one.replica();
    }

    @AfterAll
    static void stop() throws SQLException {
        one.close();
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        try {
            one.checkInvariants();
        } catch (AssertionError broken) {
            // The next scene begins on whole ground.
            stop();
            start();
            throw broken;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUSH_OF_THE_BLOB,                 DELETION_OF_THE_BLOB,       DONE",
        "PUSH_OF_THE_BLOB,                 DELETION_OF_THE_REPOSITORY, NAME_UNKNOWN",
        "PUSH_OF_THE_BLOB,                 COLLECTION_OF_THE_LINK,     DONE",
        "PUSH_OF_THE_BLOB,                 COLLECTION_OF_THE_BLOB,     DONE",
        "PUSH_OF_A_NEW_BLOB,               DELETION_OF_THE_REPOSITORY, NAME_UNKNOWN",
        "MOUNT,                            DELETION_OF_THE_BLOB,       DONE",
        "MOUNT,                            DELETION_OF_THE_REPOSITORY, DONE",
        "MOUNT,                            COLLECTION_OF_THE_LINK,     DONE",
        "MOUNT,                            COLLECTION_OF_THE_BLOB,     NOT_POSSIBLE",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, DELETION_OF_THE_BLOB,       MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, DELETION_OF_THE_REPOSITORY, MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, COLLECTION_OF_THE_LINK,     MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_THE_SAME_MANIFEST,        DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_THE_SAME_MANIFEST,        DELETION_OF_THE_REPOSITORY, MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_THE_SAME_MANIFEST,        COLLECTION_OF_THE_MANIFEST, DONE",
        "PUSH_OF_AN_INDEX,                 DELETION_OF_THE_MANIFEST,   MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_AN_INDEX,                 DELETION_OF_THE_REPOSITORY, MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_AN_INDEX,                 COLLECTION_OF_THE_MANIFEST, MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_A_TAG,                    DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_A_TAG,                    DELETION_OF_THE_REPOSITORY, MANIFEST_BLOB_UNKNOWN",
        "PUSH_OF_A_TAG,                    COLLECTION_OF_THE_MANIFEST, DONE",
        "BEGIN_OF_AN_UPLOAD,               DELETION_OF_THE_REPOSITORY, DONE",
    })
    void whoeverAddsAReferenceWaitsForWhoTakesItsTargetAndSeesWhatIsLeft(Adder adder, Taker taker, String answer)
            throws Exception {
        ReferenceScene scene = scene(adder, taker);
        Answers answers =
                Race.run(one, taker.marker, scene.taking(one, taker), scene.adding(two, adder), Meeting.WAITS);

        assertThat(answers).isEqualTo(new Answers("DONE", answer));
        assertThat(scene.isThere(adder)).isEqualTo("DONE".equals(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "PUSH_OF_THE_BLOB,                 DELETION_OF_THE_BLOB,       DONE",
        "PUSH_OF_THE_BLOB,                 DELETION_OF_THE_REPOSITORY, DONE",
        "PUSH_OF_THE_BLOB,                 COLLECTION_OF_THE_LINK,     KEPT",
        "PUSH_OF_THE_BLOB,                 COLLECTION_OF_THE_BLOB,     KEPT",
        "PUSH_OF_A_NEW_BLOB,               DELETION_OF_THE_REPOSITORY, DONE",
        "MOUNT,                            DELETION_OF_THE_BLOB,       DONE",
        "MOUNT,                            DELETION_OF_THE_REPOSITORY, DONE",
        "MOUNT,                            COLLECTION_OF_THE_LINK,     KEPT",
        "MOUNT,                            COLLECTION_OF_THE_BLOB,     KEPT",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, DELETION_OF_THE_BLOB,       DENIED",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, DELETION_OF_THE_REPOSITORY, DONE",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, COLLECTION_OF_THE_LINK,     KEPT",
        "PUSH_OF_THE_SAME_MANIFEST,        DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_THE_SAME_MANIFEST,        DELETION_OF_THE_REPOSITORY, DONE",
        "PUSH_OF_THE_SAME_MANIFEST,        COLLECTION_OF_THE_MANIFEST, KEPT",
        "PUSH_OF_AN_INDEX,                 DELETION_OF_THE_MANIFEST,   DENIED",
        "PUSH_OF_AN_INDEX,                 DELETION_OF_THE_REPOSITORY, DONE",
        "PUSH_OF_AN_INDEX,                 COLLECTION_OF_THE_MANIFEST, KEPT",
        "PUSH_OF_A_TAG,                    DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_A_TAG,                    DELETION_OF_THE_REPOSITORY, DONE",
        "PUSH_OF_A_TAG,                    COLLECTION_OF_THE_MANIFEST, KEPT",
        "BEGIN_OF_AN_UPLOAD,               DELETION_OF_THE_REPOSITORY, DONE",
    })
    void whoeverTakesSomethingWaitsForWhoAddsAReferenceToItAndSeesIt(Adder adder, Taker taker, String answer)
            throws Exception {
        ReferenceScene scene = scene(adder, taker);
        Answers answers =
                Race.run(one, adder.marker, scene.adding(one, adder), scene.taking(two, taker), Meeting.WAITS);

        assertThat(answers).isEqualTo(new Answers("DONE", answer));
        assertThat(scene.isThere(adder)).isNotEqualTo("DONE".equals(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "PUSH_OF_THE_BLOB,                 DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_THE_BLOB,                 COLLECTION_OF_THE_MANIFEST, DONE",
        "PUSH_OF_A_NEW_BLOB,               DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_A_NEW_BLOB,               COLLECTION_OF_THE_BLOB,     DONE",
        "MOUNT,                            DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_A_MANIFEST_WITH_THE_BLOB, DELETION_OF_THE_MANIFEST,   DONE",
        "PUSH_OF_AN_INDEX,                 DELETION_OF_THE_BLOB,       DONE",
        "PUSH_OF_AN_INDEX,                 COLLECTION_OF_THE_LINK,     DONE",
        "PUSH_OF_A_TAG,                    DELETION_OF_THE_BLOB,       DONE",
        "BEGIN_OF_AN_UPLOAD,               DELETION_OF_THE_BLOB,       DONE",
        "BEGIN_OF_AN_UPLOAD,               DELETION_OF_THE_MANIFEST,   DONE",
        "BEGIN_OF_AN_UPLOAD,               COLLECTION_OF_THE_BLOB,     DONE",
    })
    void whatHasNothingToDoWithEachOtherDoesNotWait(Adder adder, Taker taker, String answer) throws Exception {
        ReferenceScene scene = scene(adder, taker);
        Answers answers =
                Race.run(one, adder.marker, scene.adding(one, adder), scene.taking(two, taker), Meeting.PASSES);

        assertThat(answers).isEqualTo(new Answers("DONE", answer));
        assertThat(scene.isThere(adder)).isTrue();
    }

    private static ReferenceScene scene(Adder adder, Taker taker) {
        scenes++;
        ReferenceScene scene = new ReferenceScene(one, two, scenes);
        scene.prepare(adder, taker);
        return scene;
    }
}
