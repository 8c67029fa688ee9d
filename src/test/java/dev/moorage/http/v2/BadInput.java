package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A row of the table of bad inputs, or one of the inputs that a row lists.
 *
 * @param row the row's number
 * @param description what is sent
 * @param request sends it
 * @param demand what the answer must be
 * @param afterwards what must hold then, besides that a refusal leaves the scene as it was
 */
record BadInput(
        int row,
        String description,
        Function<Scene, Answer> request,
        Consumer<Answer> demand,
        Consumer<Scene> afterwards) {

    /** Something sent, which is to be refused with a status and a code. */
    static BadInput refused(int row, String description, int status, String code, Function<Scene, Answer> request) {
        return new BadInput(row, description, request, answer -> answer.expectError(status, code), scene -> {});
    }

    /** Something sent that sounds bad and is allowed, with the status it is answered with. */
    static BadInput allowed(int row, String description, int status, Function<Scene, Answer> request) {
        return new BadInput(row, description, request, answer -> answer.expect(status), scene -> {});
    }

    /** Something that a proper client cannot send: the path goes out as it stands; 0 as status means any of 4xx. */
    static BadInput rawGet(int row, String target, int status, String code) {
        return refused(row, "GET " + target, status, code, scene -> scene.raw("GET", target));
    }

    /** GET, and HEAD with the same status and no body. */
    static BadInput refusedRead(int row, String rest, int status, String code) {
        return refused(row, "GET and HEAD " + shown(rest), status, code, scene -> {
            Answer head = scene.repository.head(rest).expect(status);
            assertThat(head.body()).isEmpty();
            return scene.repository.get(rest);
        });
    }

    /** With a look at what is left. */
    BadInput then(Consumer<Scene> more) {
        return new BadInput(row, description, request, demand, afterwards.andThen(more));
    }

    /** With one demand more on the answer. */
    BadInput and(Consumer<Answer> more) {
        return new BadInput(row, description, request, demand.andThen(more), afterwards);
    }

    /** With one of several codes: where the table leaves the choice. */
    static BadInput refusedWithOneOf(
            int row, String description, Set<Integer> statuses, Function<Scene, Answer> request) {
        return new BadInput(
                row,
                description,
                request,
                answer -> assertThat(statuses).as("%s", answer).contains(answer.status()),
                scene -> {});
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    @Override
    public String toString() {
        return row + ": " + shown(description);
    }

    /** A repository with one tagged image, on which a row tries itself. */
    static final class Scene {
        final RegistryClient registry;
        final RepositoryClient repository;
        final ImageFactory images = ImageFactory.fresh();
        final Image kept;

        Scene(RegistryClient registry) {
            this.registry = registry;
            this.repository = registry.newRepository();
            this.kept = repository.push("kept", images.image());
        }

        /** An image whose blobs are there. */
        Image ready() {
            Image image = images.image();
            repository.pushBlobs(image);
            return image;
        }

        /** Sends a path byte for byte. */
        Answer raw(String method, String target, String... headers) {
            try (var raw = registry.raw()) {
                return raw.head(method, target, headers).answer(method);
            }
        }

        /** Demands that nothing remained of what was refused. */
        void assertUnmoved() {
            assertThat(repository.tags()).containsExactly("kept");
            Answer answer = repository.get("manifests/kept").expect(200);
            assertThat(answer.body()).isEqualTo(kept.manifest().bytes());
            assertThat(repository.referrers(kept.digest())).isEmpty();
            for (ImageFactory.Content blob : kept.blobs()) {
                repository.assertBlob(blob.digest(), blob.bytes());
            }
        }
    }
}
