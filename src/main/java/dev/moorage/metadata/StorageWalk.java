package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a report of storage has got.
 *
 * @param report the row that says so
 * @param organization about whom it is; empty for the registry as a whole
 * @param round the number of the report
 * @param stage what is counted
 * @param place behind which it goes on
 */
public record StorageWalk(long report, Optional<OrganizationId> organization, long round, Stage stage, Place place) {

    /** What is counted, in this order. */
    public enum Stage {
        /** Blobs, in the order of their digests. */
        BLOBS,
        /** Manifests, by repository, as the ledger has them; of an organization only. */
        REPOSITORIES,
        /** Hidden manifests of repositories that are not; of an organization only. */
        MANIFESTS,
        /** Objects that are to go; of the registry as a whole only. */
        TOMBSTONES;

        /** As the database has it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Stage of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A place in the order of a stage.
     *
     * @param repository the last repository
     * @param key the last digest or key
     */
    public record Place(long repository, String key) {

        /** Before everything. */
        public static final Place FIRST = new Place(0, "");
    }

    /**
     * A piece of a stage that was counted.
     *
     * @param rows how many things; fewer than were asked for where the stage is at its end
     * @param last the place of the last one
     */
    public record Slice(int rows, Place last) {}

    /** The same one, further on in its stage. */
    public StorageWalk at(Place last) {
        return new StorageWalk(report, organization, round, stage, last);
    }

    /** The beginning of the stage after this one; empty where it was the last. */
    public Optional<StorageWalk> next() {
        Optional<Stage> next =
                switch (stage) {
                    case BLOBS -> Optional.of(organization.isPresent() ? Stage.REPOSITORIES : Stage.TOMBSTONES);
                    case REPOSITORIES -> Optional.of(Stage.MANIFESTS);
                    case MANIFESTS, TOMBSTONES -> Optional.empty();
                };
        return next.map(one -> new StorageWalk(report, organization, round, one, Place.FIRST));
    }
}
