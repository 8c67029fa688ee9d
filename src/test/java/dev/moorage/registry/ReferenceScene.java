package dev.moorage.registry;

import dev.moorage.access.TestGrants;
import dev.moorage.error.RegistryException;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An organization with two repositories and some content, on two replicas: who adds a reference, who takes one away.
 *
 * <p>The repository {@code web} shows a layer that nothing references, and an image without a tag; {@code base} shows the
 * layer. All of it was pushed more than a day ago.
 */
final class ReferenceScene {

    private final RegistryHarness one;
    private final RegistryHarness two;
    private final String web;
    private final String base;
    private final Content layer;
    private final Content news;
    private final Image image;
    private final Image artifact;
    private final Content index;
    private final AtomicReference<UploadId> upload = new AtomicReference<>();

    /** A scene of this number has names and bytes of its own. */
    ReferenceScene(RegistryHarness one, RegistryHarness two, int number) {
        this.one = one;
        this.two = two;
        this.web = "scene%d/web".formatted(number);
        this.base = "scene%d/base".formatted(number);
        ImageFactory factory = ImageFactory.seeded(number);
        this.layer = factory.blob(700);
        this.news = factory.blob(701);
        this.image = factory.image();
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        this.artifact = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(layer), Map.of());
        this.index = factory.index(List.of(image.manifest()), Map.of());
        one.pushBlob(base, layer.bytes());
        one.pushBlob(web, layer.bytes());
        one.pushBlob(web, config.bytes());
        one.pushImage(web, image);
        collector().letTimePass();
    }

    /** Whoever adds a reference. */
    enum Adder {
        PUSH_OF_THE_BLOB("ON CONFLICT (organization_id, repository_id, digest)"),
        PUSH_OF_A_NEW_BLOB("fresh AS ("),
        MOUNT("INSERT INTO repository_blob"),
        PUSH_OF_A_MANIFEST_WITH_THE_BLOB("INSERT INTO manifest "),
        PUSH_OF_THE_SAME_MANIFEST("INSERT INTO manifest "),
        PUSH_OF_AN_INDEX("INSERT INTO manifest "),
        PUSH_OF_A_TAG("INSERT INTO tag"),
        BEGIN_OF_AN_UPLOAD("INSERT INTO upload");

        final String marker;

        Adder(String marker) {
            this.marker = marker;
        }
    }

    /** Whoever takes away what a reference names. */
    enum Taker {
        DELETION_OF_THE_BLOB("INSERT INTO hold"),
        DELETION_OF_THE_MANIFEST("INSERT INTO hold"),
        DELETION_OF_THE_REPOSITORY("UPDATE repository"),
        COLLECTION_OF_THE_LINK("DELETE FROM repository_blob"),
        COLLECTION_OF_THE_BLOB("DELETE FROM blob"),
        COLLECTION_OF_THE_MANIFEST("DELETE FROM manifest ");

        final String marker;

        Taker(String marker) {
            this.marker = marker;
        }
    }

    /** Brings about what must be so for the two to meet. */
    void prepare(Adder adder, Taker taker) {
        Collector collector = collector();
        if (taker == Taker.COLLECTION_OF_THE_BLOB) {
            collector.link(web, layer.digest());
            if (adder != Adder.MOUNT) {
                collector.link(base, layer.digest());
            }
        }
        if (taker == Taker.COLLECTION_OF_THE_MANIFEST && adder == Adder.PUSH_OF_THE_SAME_MANIFEST) {
            one.deletes().manifest(TestGrants.to(web), digest(image), Precondition.NONE);
            collector.letTimePass();
        }
    }

    Callable<String> adding(RegistryHarness by, Adder adder) {
        return switch (adder) {
            case PUSH_OF_THE_BLOB -> finishing(by, layer);
            case PUSH_OF_A_NEW_BLOB -> finishing(by, news);
            case MOUNT ->
                () -> switch (mount(by)) {
                    case MountService.Mount.Linked _ -> "DONE";
                    case MountService.Mount.NotPossible _ -> "NOT_POSSIBLE";
                };
            case PUSH_OF_A_MANIFEST_WITH_THE_BLOB ->
                () -> done(by.pushManifest(web, digest(artifact), artifact.manifest()));
            case PUSH_OF_THE_SAME_MANIFEST -> () -> done(by.pushManifest(web, digest(image), image.manifest()));
            case PUSH_OF_AN_INDEX -> () -> done(by.pushManifest(web, RegistryHarness.digest(index.digest()), index));
            case PUSH_OF_A_TAG -> () -> done(by.pushManifest(web, new Tag("v1"), image.manifest()));
            case BEGIN_OF_AN_UPLOAD ->
                () -> {
                    upload.set(by.begin(web));
                    return "DONE";
                };
        };
    }

    private Callable<String> finishing(RegistryHarness by, Content blob) {
        UploadId id = by.begin(web);
        by.uploads().append(TestGrants.to(web), id, RegistryHarness.chunk(blob.bytes()));
        return () -> done(by.finish(web, id, blob.bytes()));
    }

    Callable<String> taking(RegistryHarness by, Taker taker) {
        Collector collector = new Collector(by.database());
        return switch (taker) {
            case DELETION_OF_THE_BLOB ->
                () -> {
                    by.deletes().blob(TestGrants.to(web), RegistryHarness.digest(layer.digest()));
                    return "DONE";
                };
            case DELETION_OF_THE_MANIFEST ->
                () -> {
                    by.deletes().manifest(TestGrants.to(web), digest(image), Precondition.NONE);
                    return "DONE";
                };
            case DELETION_OF_THE_REPOSITORY -> () -> word(collector.repository(web));
            case COLLECTION_OF_THE_LINK -> () -> word(collector.link(web, layer.digest()));
            case COLLECTION_OF_THE_BLOB -> () -> word(collector.linkAndBlob(base, layer.digest()));
            case COLLECTION_OF_THE_MANIFEST -> () -> word(collector.manifest(web, image.digest()));
        };
    }

    /** Whether what the adder adds can be had, from another replica, with all that it references. */
    boolean isThere(Adder adder) {
        try {
            switch (adder) {
                case PUSH_OF_THE_BLOB, MOUNT -> readBlob(layer.digest());
                case PUSH_OF_A_NEW_BLOB -> readBlob(news.digest());
                case PUSH_OF_A_MANIFEST_WITH_THE_BLOB -> readImage(artifact);
                case PUSH_OF_THE_SAME_MANIFEST -> readImage(image);
                case PUSH_OF_AN_INDEX -> {
                    two.pulls().manifest(TestGrants.to(web), RegistryHarness.digest(index.digest()));
                    readImage(image);
                }
                case PUSH_OF_A_TAG -> {
                    two.pulls().manifest(TestGrants.to(web), new Tag("v1"));
                    readImage(image);
                }
                case BEGIN_OF_AN_UPLOAD -> two.uploads().status(TestGrants.to(web), upload.get());
            }
            return true;
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            return false;
        }
    }

    private void readImage(Image wanted) {
        two.pulls().manifest(TestGrants.to(web), digest(wanted));
        wanted.blobs().forEach(blob -> readBlob(blob.digest()));
    }

    private void readBlob(String digest) {
        FoundBlob found = two.pulls().blob(TestGrants.to(web), RegistryHarness.digest(digest));
        if (two.store().stat(found.key()).orElse(-1) != found.size()) {
            throw new AssertionError("the object of a blob that can be seen is not there: " + found);
        }
    }

    private MountService.Mount mount(RegistryHarness by) {
        return by.mounts()
                .mount(TestGrants.to(web), RegistryHarness.digest(layer.digest()), Optional.of(TestGrants.to(base)));
    }

    private Collector collector() {
        return new Collector(one.plain());
    }

    private static Digest digest(Image image) {
        return RegistryHarness.digest(image.digest());
    }

    private static String done(Object answer) {
        return answer == null ? "NOTHING" : "DONE";
    }

    private static String word(Collector.Outcome outcome) {
        return outcome == Collector.Outcome.TAKEN ? "DONE" : "KEPT";
    }
}
