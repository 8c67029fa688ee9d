package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Authority;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.config.CollectionConfig;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.WhyStore;
import dev.moorage.metadata.WhyStore.Thing;
import dev.moorage.metadata.WhyStore.User;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains why a manifest or a blob is kept, or when it goes and how. */
@ApplicationScoped
public class WhyService {

    private static final int NAMED = 10;
    private static final int LOOKED_AT = 100;

    private final Transactions transactions;
    private final Authority authority;
    private final RepositoryListStore repositories;
    private final WhyStore why;
    private final CollectionConfig config;

    WhyService(
            Transactions transactions,
            Authority authority,
            RepositoryListStore repositories,
            WhyStore why,
            MoorageConfig config) {
        this.transactions = transactions;
        this.authority = authority;
        this.repositories = repositories;
        this.why = why;
        this.config = config.collection();
    }

    /**
     * Something that keeps it.
     *
     * @param by what: {@code tag}, {@code manifest}, {@code index}, {@code untagged}, {@code subject-gone}, {@code lease},
     *     {@code undo}
     * @param name of the tag, the digest of the manifest, or the reference of the event that can be undone, which is told to
     *     those who may read events
     * @param until when it ends by itself
     * @param tags the first tags on the manifest that needs it
     * @param actor who did what can be undone; told to those who may read events
     */
    public record Reason(
            String by, Optional<String> name, Optional<Instant> until, List<String> tags, Optional<String> actor) {

        /** Keeps its own copy. */
        public Reason {
            tags = List.copyOf(tags);
        }

        static Reason by(String by) {
            return new Reason(by, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
        }
    }

    /**
     * The explanation; each list names the first ten.
     *
     * @param kind {@code manifest} or {@code blob}
     * @param deleted whether it is deleted, and can at most be brought back
     * @param reasons all that keeps it; where there is none it is taken away soon
     * @param goesAfter when the last of the reasons ends, where all of them end by themselves
     * @param steps how it goes then
     * @param alsoIn other repositories of the organization that show the blob, as far as the caller may pull them
     */
    public record Explanation(
            String digest,
            String kind,
            long size,
            boolean deleted,
            List<Reason> reasons,
            Optional<Instant> goesAfter,
            List<String> steps,
            List<String> alsoIn) {

        /** Keeps its own copies. */
        public Explanation {
            reasons = List.copyOf(reasons);
            steps = List.copyOf(steps);
            alsoIn = List.copyOf(alsoIn);
        }
    }

    /** Why a repository keeps something, for whoever may pull from it; any other is as one that is not there. */
    public Explanation explain(Grant grant, RepositoryName name, Digest digest) {
        return transactions.read(tx -> {
            Powers powers = authority.of(tx, grant);
            RepositoryKey repository = repositories
                    .find(tx, name, RepositoryListStore.Lock.NONE)
                    .filter(row -> Powers.refusal(powers.over(name, Optional.of(row.visibility()), Action.PULL))
                            .isEmpty())
                    .orElseThrow(() -> new NotFound("repository", name.value()))
                    .key();
            Asked asked = new Asked(tx, powers, name, repository, digest);
            return why.manifest(tx, repository, digest)
                    .map(manifest -> manifest(asked, manifest))
                    .or(() ->
                            why.blob(tx, repository, digest, config.linkDelay()).map(blob -> blob(asked, blob)))
                    .orElseThrow(() -> new NotFound("digest", digest.toString()));
        });
    }

    private record Asked(
            Transaction transaction, Powers powers, RepositoryName name, RepositoryKey repository, Digest digest) {}

    private Explanation manifest(Asked asked, Thing manifest) {
        List<Reason> reasons = new ArrayList<>();
        List<String> tags = why.tags(asked.transaction(), asked.repository(), asked.digest(), NAMED);
        tags.forEach(
                tag -> reasons.add(new Reason("tag", Optional.of(tag), Optional.empty(), List.of(), Optional.empty())));
        users("index", why.parents(asked.transaction(), asked.repository(), asked.digest(), NAMED), reasons);
        if (!manifest.hidden() && tags.isEmpty()) {
            reasons.add(Reason.by("untagged"));
        }
        if (!manifest.hidden() && manifest.orphan()) {
            reasons.add(Reason.by("subject-gone"));
        }
        holds(asked, Held.MANIFEST, reasons);
        return new Explanation(
                asked.digest().toString(),
                "manifest",
                manifest.size(),
                manifest.hidden(),
                reasons,
                end(reasons),
                List.of(
                        "the manifest goes, with all that it references",
                        "each of its blobs that no other manifest needs goes from the repository",
                        "bytes that no repository shows any more go"),
                List.of());
    }

    private Explanation blob(Asked asked, Thing blob) {
        List<Reason> reasons = new ArrayList<>();
        users("manifest", why.manifests(asked.transaction(), asked.repository(), asked.digest(), NAMED), reasons);
        blob.leasedUntil()
                .ifPresent(until -> reasons.add(
                        new Reason("lease", Optional.empty(), Optional.of(until), List.of(), Optional.empty())));
        holds(asked, Held.LINK, reasons);
        return new Explanation(
                asked.digest().toString(),
                "blob",
                blob.size(),
                blob.hidden(),
                reasons,
                end(reasons),
                List.of(
                        "the blob goes from the repository",
                        "its row goes when no repository of any organization shows it",
                        "its bytes go " + config.tombstoneDelay().toMinutes() + " minutes later"),
                why.elsewhere(asked.transaction(), asked.repository(), asked.digest(), LOOKED_AT).stream()
                        .filter(other -> Powers.refusal(
                                        asked.powers().over(other.name(), Optional.of(other.visibility()), Action.PULL))
                                .isEmpty())
                        .map(other -> other.name().value())
                        .limit(NAMED)
                        .toList());
    }

    private static void users(String by, List<User> users, List<Reason> reasons) {
        users.forEach(user -> reasons.add(
                new Reason(by, Optional.of(user.digest()), Optional.empty(), user.tags(), Optional.empty())));
    }

    private void holds(Asked asked, Held kind, List<Reason> reasons) {
        // By a role, as they read events: that a repository is public is not enough.
        boolean reads = Powers.refusal(asked.powers().over(asked.name(), Optional.empty(), Action.PULL))
                .isEmpty();
        why.holds(asked.transaction(), asked.repository(), kind, asked.digest(), NAMED)
                .forEach(hold -> reasons.add(new Reason(
                        "undo",
                        Optional.of(hold.reference()).filter(_ -> reads),
                        Optional.of(hold.until()),
                        List.of(),
                        Optional.of(hold.actor()).filter(_ -> reads))));
    }

    /** Empty where one of them does not end by itself. */
    private static Optional<Instant> end(List<Reason> reasons) {
        return reasons.stream().allMatch(reason -> reason.until().isPresent())
                ? reasons.stream().flatMap(reason -> reason.until().stream()).max(Instant::compareTo)
                : Optional.empty();
    }
}
