package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionDecisionStore.Due;
import dev.moorage.metadata.RetentionDecisionStore.Kind;
import dev.moorage.metadata.RetentionFactStore;
import dev.moorage.metadata.RetentionFactStore.Repository;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRun.State;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionRule.Keep;
import dev.moorage.name.Tag;
import dev.moorage.registry.DeleteService;
import dev.moorage.registry.DeleteService.ExpiredManifest;
import dev.moorage.registry.DeleteService.ExpiredTag;
import dev.moorage.registry.DeleteService.Expiry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps of a run in which something goes: tags first, then manifests, each page in one transaction with what became of
 * it, so that a step that was cut off is done again or not at all.
 */
@ApplicationScoped
class RetentionExecutor {

    private static final int PAGE = 50;
    private static final int REST = 1000;

    private final Transactions transactions;
    private final RetentionDecisionStore decisions;
    private final RetentionFactStore facts;
    private final RetentionPolicyStore policies;
    private final DeleteService deletes;

    RetentionExecutor(
            Transactions transactions,
            RetentionDecisionStore decisions,
            RetentionFactStore facts,
            RetentionPolicyStore policies,
            DeleteService deletes) {
        this.transactions = transactions;
        this.decisions = decisions;
        this.facts = facts;
        this.policies = policies;
        this.deletes = deletes;
    }

    /** What is written in the transaction of a step, and how far the run has come then. */
    @FunctionalInterface
    interface Work {
        Progress in(Transaction transaction);
    }

    /** Takes away a page of tags. */
    Work tags(Grant grant, RetentionRun run) {
        List<Due> page = due(run, Kind.TAG, Place.BEGINNING, PAGE);
        if (page.isEmpty()) {
            return _ -> run.progress().to(State.DELETING_MANIFESTS, Place.BEGINNING);
        }
        RepositoryKey key = key(run, page);
        return tx -> {
            Optional<Repository> repository =
                    facts.repository(tx, key, run.scope().repository());
            if (repository.isEmpty()) {
                return settled(tx, key, run, Kind.TAG, left(tx, key, page));
            }
            List<RetentionRule> rules =
                    RetentionRule.of(run.rules(), repository.get().name());
            Map<String, Expiry> outcomes = new LinkedHashMap<>();
            deletes.expireTags(
                            grant,
                            tx,
                            key,
                            run.origin(),
                            page.stream().map(due -> expired(due, run, rules)).toList())
                    .forEach((tag, outcome) -> outcomes.put(tag.value(), outcome));
            return settled(tx, key, run, Kind.TAG, outcomes);
        };
    }

    private static ExpiredTag expired(Due due, RetentionRun run, List<RetentionRule> rules) {
        Tag tag = new Tag(due.name());
        // When it was decided that the tag goes, its manifest had not been pulled after any of these.
        Optional<Instant> pulled = rules.stream()
                .filter(rule -> rule.speaksOf(tag))
                .flatMap(rule -> rule.keep() instanceof Keep.Pulled(Duration age) ? Stream.of(age) : Stream.empty())
                .max(Comparator.naturalOrder())
                .map(age -> run.startedAt().minus(age));
        return new ExpiredTag(tag, due.digest().orElseThrow(), due.pushedAt().orElseThrow(), pulled, why(due));
    }

    /** A page in a repository that is deleted, or that has got a policy of its own: it has no say there any more. */
    private Map<String, Expiry> left(Transaction transaction, RepositoryKey key, List<Due> page) {
        Expiry outcome = policies.lives(transaction, key.organization(), Optional.of(key.repository()))
                ? Expiry.POLICY_CHANGED
                : Expiry.GONE;
        Map<String, Expiry> outcomes = new LinkedHashMap<>();
        page.forEach(due -> outcomes.put(due.name(), outcome));
        return outcomes;
    }

    /**
     * Takes away those of a page of manifests that nothing needs any more. What needs others comes first, whatever its
     * digest: the list is gone through again until a pass through it has taken nothing away.
     */
    Work manifests(Grant grant, RetentionRun run) {
        Place place = run.progress().place();
        List<Due> page = due(run, Kind.MANIFEST, place, PAGE);
        if (page.isEmpty()) {
            return place.deletedInPass() > 0
                    ? _ -> run.progress().to(State.DELETING_MANIFESTS, Place.BEGINNING)
                    : rest(run);
        }
        RepositoryKey key = key(run, page);
        List<ExpiredManifest> manifests = page.stream()
                .map(due -> new ExpiredManifest(Digest.parse(due.name()).orElseThrow(), why(due)))
                .toList();
        Origin origin = run.origin();
        return tx -> {
            if (facts.repository(tx, key, run.scope().repository()).isEmpty()) {
                return settled(tx, key, run, Kind.MANIFEST, left(tx, key, page));
            }
            Map<String, Expiry> outcomes = new LinkedHashMap<>();
            deletes.expireManifests(grant, tx, key, origin, manifests, run.startedAt())
                    .forEach((digest, outcome) -> outcomes.put(digest.toString(), outcome));
            int deleted = (int) outcomes.values().stream()
                    .filter(outcome -> outcome == Expiry.DELETED)
                    .count();
            outcomes.values().removeIf(outcome -> outcome == Expiry.NEEDED);
            Place next =
                    place.behind(page.getLast().repository(), page.getLast().name());
            return settled(tx, key, run, Kind.MANIFEST, outcomes)
                    .to(State.DELETING_MANIFESTS, next.andDeleted(deleted));
        };
    }

    /** What is still needed stays. */
    private Work rest(RetentionRun run) {
        List<Due> page = due(run, Kind.MANIFEST, Place.BEGINNING, REST);
        if (page.isEmpty()) {
            return _ -> run.progress().to(State.DONE, Place.BEGINNING);
        }
        Map<String, Expiry> outcomes = new LinkedHashMap<>();
        page.forEach(due -> outcomes.put(due.name(), Expiry.NEEDED));
        return tx -> settled(tx, key(run, page), run, Kind.MANIFEST, outcomes);
    }

    private Progress settled(
            Transaction transaction, RepositoryKey key, RetentionRun run, Kind kind, Map<String, Expiry> outcomes) {
        Map<String, String> texts = new LinkedHashMap<>();
        outcomes.forEach((name, outcome) ->
                texts.put(name, outcome.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        decisions.settle(transaction, key, run.id(), kind, texts);
        long deleted = outcomes.values().stream()
                .filter(outcome -> outcome == Expiry.DELETED)
                .count();
        Counts counts = run.progress().counts();
        return run.progress()
                .with(new Counts(
                        counts.decisions(),
                        counts.tags(),
                        counts.manifests(),
                        counts.blobs(),
                        counts.deleted() + deleted,
                        counts.skipped() + outcomes.size() - deleted));
    }

    private List<Due> due(RetentionRun run, Kind kind, Place after, int limit) {
        return RetentionStep.ofOneRepository(
                transactions.read(tx -> decisions.due(tx, run.scope().organization(), run.id(), kind, after, limit)));
    }

    private static RepositoryKey key(RetentionRun run, List<Due> page) {
        return new RepositoryKey(
                run.scope().organization(), new RepositoryId(page.getFirst().repository()));
    }

    private static String why(Due due) {
        return "retention: " + due.because();
    }
}
