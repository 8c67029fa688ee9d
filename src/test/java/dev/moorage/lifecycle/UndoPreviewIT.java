package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.UndoScene.EVERYBODY;
import static dev.moorage.lifecycle.UndoScene.NAME;
import static dev.moorage.lifecycle.UndoScene.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.UndoService.Preview;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an undo would do is told by doing it, and nothing of that stays. */
class UndoPreviewIT {

    @TempDir
    private Path directory;

    private UndoScene scene;

    @BeforeEach
    void start() {
        scene = new UndoScene(directory);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        scene.checkInvariants();
        scene.close();
    }

    private Preview preview(String reference) {
        List<String> before = scene.state();
        long events = events();
        Preview preview = scene.undo.preview(EVERYBODY, NAME, reference);
        assertThat(scene.state()).isEqualTo(before);
        assertThat(events()).isEqualTo(events);
        return preview;
    }

    private long events() {
        return scene.one.sql().number("SELECT count(*) FROM event");
    }

    @Test
    void previewTellsWhatTheUndoThenDoes() {
        Digest first = scene.push("v1", "first");
        Digest second = scene.push("v1", "second");
        String reference = scene.last();

        Preview preview = preview(reference);

        assertThat(preview.refusal()).isEmpty();
        assertThat(preview.conflicts()).isEmpty();
        assertThat(preview.undone()).extracting(RecordedEvent::reference).containsExactly(reference);
        RecordedEvent would = preview.events().getFirst();
        assertThat(would.from()).contains(second.toString());
        assertThat(would.to()).contains(first.toString());
        assertThat(would.undoes()).contains(reference);
        RecordedEvent done = scene.undo(reference).events().getFirst();
        assertThat(done.kind()).isEqualTo(would.kind());
        assertThat(done.to()).isEqualTo(would.to());
        assertThat(scene.names("v1")).contains(first);
    }

    @Test
    void whatStandsAgainstItIsTold() {
        scene.push("v1", "first");
        scene.push("v1", "second");
        String reference = scene.last();
        Digest third = scene.push("v1", "third");

        Preview preview = preview(reference);

        assertThat(preview.events()).isEmpty();
        assertThat(preview.refusal()).isPresent();
        assertThat(preview.conflicts()).singleElement().satisfies(conflict -> assertThat(conflict)
                .containsEntry("kind", "tag-elsewhere")
                .containsEntry("tag", "v1")
                .containsEntry("now", third.toString()));
    }

    @Test
    void organizationIsTheSame() {
        Digest first = scene.push("v1", "first");
        scene.delete(V1);

        Preview preview = scene.undo.preview(EVERYBODY, new OrganizationName("acme"), scene.last());

        assertThat(preview.events()).singleElement().satisfies(event -> assertThat(event.to())
                .contains(first.toString()));
        assertThat(scene.names("v1")).isEqualTo(Optional.empty());
    }

    @Test
    void unknownEventHasNone() {
        assertThatThrownBy(() -> scene.undo.preview(EVERYBODY, NAME, "00000000-0000-4000-8000-000000000000"))
                .isInstanceOf(NotFound.class);
    }
}
