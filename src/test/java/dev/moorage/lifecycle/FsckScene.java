package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.Unfinished;
import dev.moorage.lifecycle.FsckOptions.Depth;
import dev.moorage.lifecycle.FsckOptions.Mode;
import dev.moorage.name.BlobKey;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.StoreWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What checks find. */
final class FsckScene {

    private static final Grant GRANT = Grant.system("test");

    private final List<Finding> findings = new ArrayList<>();
    private FsckSummary summary;

    private FsckScene() {}

    static List<Finding> look(RegistryHarness registry) {
        return run(registry, registry.store(), Depth.SIZES, Mode.READ).findings;
    }

    static List<Finding> look(RegistryHarness registry, BlobStore store) {
        return run(registry, store, Depth.SIZES, Mode.READ).findings;
    }

    static List<Finding> lookDeep(RegistryHarness registry) {
        return run(registry, registry.store(), Depth.DIGESTS, Mode.READ).findings;
    }

    static List<Finding> repair(RegistryHarness registry) {
        return run(registry, registry.store(), Depth.DIGESTS, Mode.REPAIR).findings;
    }

    static List<Finding> acknowledge(RegistryHarness registry) {
        return run(registry, registry.store(), Depth.SIZES, Mode.ACKNOWLEDGE).findings;
    }

    static FsckSummary summary(RegistryHarness registry, Depth depth, Mode mode) {
        return run(registry, registry.store(), depth, mode).summary;
    }

    private static FsckScene run(RegistryHarness registry, BlobStore store, Depth depth, Mode mode) {
        FsckScene scene = new FsckScene();
        scene.summary = TestHousekeeping.fsck(registry, store)
                .check(GRANT, new FsckOptions(depth, mode), new FsckReport() {
                    @Override
                    public void found(Finding finding) {
                        scene.findings.add(finding);
                    }

                    @Override
                    public void progress(FsckSummary soFar) {
                        scene.summary = soFar;
                    }
                });
        return scene;
    }

    /** A store beside which something happens, once, between an answer and what the asker does with it. */
    static class Between extends StoreWrapper {

        private final Runnable event;
        private boolean happened;

        Between(BlobStore store, Runnable event) {
            super(store);
            this.event = event;
        }

        synchronized void happen() {
            if (!happened) {
                happened = true;
                event.run();
            }
        }
    }

    /** Something happens after the first page of objects was listed. */
    static BlobStore afterList(BlobStore store, Runnable event) {
        return new Between(store, event) {
            @Override
            public List<BlobKey> list(Optional<BlobKey> after, int limit) {
                List<BlobKey> page = super.list(after, limit);
                happen();
                return page;
            }
        };
    }

    /** Something happens after the first page of multipart uploads was listed. */
    static BlobStore afterUnfinished(BlobStore store, Runnable event) {
        return new Between(store, event) {
            @Override
            public List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
                List<Unfinished> page = super.unfinished(after, limit);
                happen();
                return page;
            }
        };
    }

    /** Something happens after an object was looked at for the first time. */
    static BlobStore afterStat(BlobStore store, Runnable event) {
        return new Between(store, event) {
            @Override
            public OptionalLong stat(BlobKey key) {
                OptionalLong size = super.stat(key);
                happen();
                return size;
            }
        };
    }
}
