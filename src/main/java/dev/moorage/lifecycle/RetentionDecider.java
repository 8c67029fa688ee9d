package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.lifecycle.LatestTags.Last;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionDecisionStore.Decided;
import dev.moorage.metadata.RetentionDecisionStore.Due;
import dev.moorage.metadata.RetentionDecisionStore.Kind;
import dev.moorage.metadata.RetentionFactStore;
import dev.moorage.metadata.RetentionFactStore.Repository;
import dev.moorage.metadata.RetentionFacts.Needs;
import dev.moorage.metadata.RetentionFacts.OfManifest;
import dev.moorage.metadata.RetentionFacts.OfTag;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRun.State;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Amount;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RetentionRule;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of a run until it is known what goes. Each reads a page by itself and answers what is to be written, which one
 * short transaction does then.
 */
@ApplicationScoped
class RetentionDecider {

    private static final int TAGS = 1000;
    private static final int MANIFESTS = 200;
    // How many manifests are looked at to find what needs those of one page.
    private static final int MOST_KNOWN = 20_000;

    private final Transactions transactions;
    private final RetentionFactStore facts;
    private final RetentionDecisionStore decisions;
    private final RetentionRunStore runs;
    private final Duration lease;

    RetentionDecider(
            Transactions transactions,
            RetentionFactStore facts,
            RetentionDecisionStore decisions,
            RetentionRunStore runs,
            MoorageConfig config) {
        this.transactions = transactions;
        this.runs = runs;
        this.facts = facts;
        this.decisions = decisions;
        this.lease = config.collection().linkDelay();
    }

    /** Looks for the next repository that a rule speaks of, and where the latest tags of each rule end in it. */
    RetentionStep nextRepository(RetentionRun run) {
        OrganizationId organization = run.scope().organization();
        Place place = run.progress().place();
        Optional<Repository> next = transactions.read(
                tx -> facts.nextRepository(tx, organization, run.scope().repository(), place.repository()));
        if (next.isEmpty()) {
            return RetentionStep.to(run.progress().to(State.BYTES, Place.BEGINNING));
        }
        Repository repository = next.get();
        long id = repository.key().repository().value();
        List<RetentionRule> rules = rules(run, repository);
        if (rules.isEmpty()) {
            return RetentionStep.to(run.progress().to(State.REPOSITORIES, place.behind(id, "")));
        }
        List<String> ends = latest(run, repository.key(), rules).ends().stream()
                .map(end -> end.map(Last::text).orElse(""))
                .toList();
        return RetentionStep.to(run.progress().to(State.TAGS, new Place(id, "", ends, 0)));
    }

    private LatestTags latest(RetentionRun run, RepositoryKey key, List<RetentionRule> rules) {
        LatestTags latest = new LatestTags(rules);
        if (rules.stream().noneMatch(rule -> rule.keep() instanceof RetentionRule.Keep.Latest)) {
            return latest;
        }
        String after = "";
        List<OfTag> page;
        do {
            page = tags(key, after);
            page.forEach(latest::add);
            after = page.isEmpty() ? after : page.getLast().name().value();
            renew(run);
        } while (page.size() == TAGS);
        return latest;
    }

    private void renew(RetentionRun run) {
        transactions.run(
                Durability.PROGRAM_END, tx -> runs.renew(tx, run.scope().organization(), run));
    }

    /** Decides about a page of tags. */
    RetentionStep tags(RetentionRun run) {
        Optional<Repository> repository = repository(run);
        if (repository.isEmpty()) {
            return nextState(run, State.REPOSITORIES);
        }
        RepositoryKey key = repository.get().key();
        Place place = run.progress().place();
        List<OfTag> page = tags(key, place.name());
        TagRetention retention = new TagRetention(
                rules(run, repository.get()),
                place.latest().stream()
                        .map(text ->
                                Optional.of(text).filter(end -> !end.isEmpty()).map(Last::parse))
                        .toList(),
                transactions.read(tx -> facts.immutable(tx, key)),
                run.startedAt());
        List<Decided<OfTag>> decided =
                page.stream().map(tag -> decided(tag, retention.decide(tag))).toList();
        Counts counts = run.progress().counts();
        Progress progress = page.size() < TAGS
                ? run.progress().to(State.MANIFESTS, place.behind(place.repository(), ""))
                : run.progress()
                        .to(
                                State.TAGS,
                                place.behind(
                                        place.repository(),
                                        page.getLast().name().value()));
        return new RetentionStep(
                progress.with(new Counts(
                        counts.decisions() + decided.size(),
                        counts.tags()
                                + decided.stream().filter(Decided::dropped).count(),
                        counts.manifests(),
                        counts.blobs(),
                        0,
                        0)),
                tx -> decisions.tags(tx, key, run.id(), counts.decisions(), decided));
    }

    /** Decides about a page of manifests. */
    RetentionStep manifests(RetentionRun run) {
        Optional<Repository> repository = repository(run);
        if (repository.isEmpty()) {
            return nextState(run, State.REPOSITORIES);
        }
        RepositoryKey key = repository.get().key();
        Place place = run.progress().place();
        ManifestRetention retention = new ManifestRetention(rules(run, repository.get()), run.startedAt(), lease);
        List<OfManifest> page = transactions.read(tx -> facts.manifests(tx, key, run.id(), place.name(), MANIFESTS));
        Map<Digest, OfManifest> known = new HashMap<>();
        Map<Digest, Needs> needs = new HashMap<>();
        page.forEach(manifest -> known.put(manifest.digest(), manifest));
        lookUp(key, run, retention, known, needs);
        List<Decided<OfManifest>> decided = page.stream()
                .map(manifest -> decided(manifest, retention.decide(manifest.digest(), known, needs)))
                .toList();
        List<OfManifest> dropped =
                decided.stream().filter(Decided::dropped).map(Decided::about).toList();
        Counts counts = run.progress().counts();
        Progress progress = page.size() < MANIFESTS
                ? run.progress().to(State.REPOSITORIES, place.behind(place.repository(), ""))
                : run.progress()
                        .to(
                                State.MANIFESTS,
                                place.behind(
                                        place.repository(),
                                        page.getLast().digest().toString()));
        return new RetentionStep(
                progress.with(new Counts(
                        counts.decisions() + decided.size(),
                        counts.tags(),
                        new Amount(
                                counts.manifests().items() + dropped.size(),
                                counts.manifests().bytes()
                                        + dropped.stream()
                                                .mapToLong(OfManifest::size)
                                                .sum()),
                        counts.blobs(),
                        0,
                        0)),
                tx -> decisions.manifests(tx, key, run.id(), counts.decisions(), decided));
    }

    /** Looks up what needs the manifests that do not stay by themselves, and what needs that, and so on. */
    private void lookUp(
            RepositoryKey key,
            RetentionRun run,
            ManifestRetention retention,
            Map<Digest, OfManifest> known,
            Map<Digest, Needs> needs) {
        Set<Digest> open = open(known.values(), retention);
        while (!open.isEmpty()) {
            Set<Digest> asked = open;
            Map<Digest, Needs> above = transactions.read(tx -> facts.needs(tx, key, asked));
            needs.putAll(above);
            Set<Digest> unknown = new HashSet<>();
            above.values().forEach(need -> unknown.addAll(need.digests()));
            unknown.removeAll(known.keySet());
            if (known.size() + unknown.size() > MOST_KNOWN) {
                // What was not looked at counts as what stays.
                asked.forEach(digest -> needs.put(digest, Needs.MANY));
                return;
            }
            List<OfManifest> found = unknown.isEmpty()
                    ? List.of()
                    : transactions.read(tx -> facts.manifests(tx, key, run.id(), unknown));
            found.forEach(manifest -> known.put(manifest.digest(), manifest));
            open = open(found, retention);
            renew(run);
        }
    }

    private static Set<Digest> open(Iterable<OfManifest> manifests, ManifestRetention retention) {
        Set<Digest> open = new HashSet<>();
        manifests.forEach(manifest -> {
            if (retention.staysBecause(manifest).isEmpty()) {
                open.add(manifest.digest());
            }
        });
        return open;
    }

    /** Notes which blobs a page of the manifests that go would free. */
    RetentionStep bytes(RetentionRun run) {
        OrganizationId organization = run.scope().organization();
        Place place = run.progress().place();
        List<Due> page = RetentionStep.ofOneRepository(
                transactions.read(tx -> decisions.due(tx, organization, run.id(), Kind.MANIFEST, place, MANIFESTS)));
        if (page.isEmpty()) {
            Amount freed = transactions.read(tx -> decisions.freed(tx, organization, run.id()));
            Counts counts = run.progress().counts();
            State next =
                    switch (run.kind()) {
                        case PREVIEW -> State.DONE;
                        case RUN -> State.DELETING_TAGS;
                        case UNDO -> throw new IllegalStateException("an undo decides nothing");
                    };
            return RetentionStep.to(run.progress()
                    .to(next, Place.BEGINNING)
                    .with(new Counts(counts.decisions(), counts.tags(), counts.manifests(), freed, 0, 0)));
        }
        Due last = page.getLast();
        RepositoryKey key = new RepositoryKey(organization, new RepositoryId(last.repository()));
        return new RetentionStep(
                run.progress().to(State.BYTES, place.behind(last.repository(), last.name())),
                tx -> decisions.free(
                        tx, key, run.id(), page.stream().map(Due::name).toList()));
    }

    /** The repository at work; empty where it has been deleted, or has got a policy of its own. */
    private Optional<Repository> repository(RetentionRun run) {
        RepositoryKey key = new RepositoryKey(
                run.scope().organization(),
                new RepositoryId(run.progress().place().repository()));
        return transactions.read(tx -> facts.repository(tx, key, run.scope().repository()));
    }

    private static RetentionStep nextState(RetentionRun run, State state) {
        return RetentionStep.to(run.progress().to(state, run.progress().place()));
    }

    private List<OfTag> tags(RepositoryKey repository, String after) {
        return transactions.read((Transaction tx) -> facts.tags(tx, repository, after, TAGS));
    }

    private static List<RetentionRule> rules(RetentionRun run, Repository repository) {
        // What is said of a repository says nothing of others.
        return RetentionRule.of(run.rules(), repository.name());
    }

    private static <T> Decided<T> decided(T about, Verdict verdict) {
        return new Decided<>(about, verdict.isDropped(), verdict.because());
    }
}
