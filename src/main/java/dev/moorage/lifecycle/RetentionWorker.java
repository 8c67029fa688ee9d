package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.drain.Drain;
import dev.moorage.lifecycle.RetentionExecutor.Work;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionPolicyStore.Row;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.metadata.RetentionRemovalStore;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Kind;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.WebhookKind;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Brings previews and runs of retention policies to their ends, in short transactions, and begins those that are due.
 *
 * <p>A run is a row that one worker has at a time, for as long as its lease; whoever finds that the row has come on without
 * him leaves it. A worker that dies leaves the run to the next one.
 */
@ApplicationScoped
public class RetentionWorker {

    private static final Logger LOG = Logger.getLogger(RetentionWorker.class);
    private static final int MOST_ATTEMPTS = 10;
    private static final int REMOVED_AT_ONCE = 5000;
    private static final Duration PREVIEWS_STAY = Duration.ofDays(1);
    private static final Duration RUNS_STAY = Duration.ofDays(90);
    // Longer than the longest undo window: until then it can be undone.
    private static final Duration BARE_STAY = Duration.ofDays(400);
    // Then it is another one's turn.
    private static final int STEPS = 20;
    private static final Duration TURNS = Duration.ofSeconds(60);

    private final Transactions transactions;
    private final RetentionPolicyStore policies;
    private final RetentionRunStore runs;
    private final RetentionRemovalStore removals;
    private final RetentionDecider decider;
    private final RetentionExecutor executor;
    private final RetentionReversal reversal;
    private final OutboxStore outbox;
    private final Origins origins;
    private final Supplier<UUID> randomness;
    private final Drain drain;

    RetentionWorker(
            Transactions transactions,
            RetentionPolicyStore policies,
            RetentionRunStore runs,
            RetentionRemovalStore removals,
            RetentionDecider decider,
            RetentionExecutor executor,
            RetentionReversal reversal,
            OutboxStore outbox,
            Origins origins,
            Supplier<UUID> randomness,
            Drain drain) {
        this.transactions = transactions;
        this.policies = policies;
        this.runs = runs;
        this.removals = removals;
        this.decider = decider;
        this.executor = executor;
        this.reversal = reversal;
        this.outbox = outbox;
        this.origins = origins;
        this.randomness = randomness;
        this.drain = drain;
    }

    /**
     * Begins what is due, brings on what nobody works on, each for a turn of some steps after the other, and removes what is old;
     * answers how many ended. After a minute it leaves the rest to the next time.
     */
    public int work(Grant grant) {
        long end = System.nanoTime() + TURNS.toNanos();
        transactions.run(Durability.POWER_CUT, runs::endWithdrawn);
        int ended = 0;
        Optional<RetentionRun> taken;
        do {
            while (transactions.call(Durability.POWER_CUT, tx -> beginDue(tx, grant))) {
                // The next one.
            }
            taken = transactions.call(Durability.POWER_CUT, runs::take);
            ended += taken.map(run -> bringOn(grant, run, turn())).orElse(0);
        } while (taken.isPresent() && System.nanoTime() - end < 0 && !drain.begun());
        removeOld(System.nanoTime() + TURNS.toNanos());
        return ended;
    }

    /** Is over after some steps, and when the program is about to end. */
    private BooleanSupplier turn() {
        AtomicInteger steps = new AtomicInteger();
        return () -> steps.getAndIncrement() >= STEPS || drain.begun();
    }

    /** Works on a run, unless somebody does already, until it ends or the time is over. */
    void work(Grant grant, OrganizationId organization, UUID id, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        transactions
                .call(Durability.POWER_CUT, tx -> runs.take(tx, organization, id))
                .ifPresent(run -> bringOn(grant, run, () -> System.nanoTime() - end >= 0));
    }

    private boolean beginDue(Transaction transaction, Grant grant) {
        Optional<Row> due = policies.takeDue(transaction);
        due.ifPresent(row -> {
            Scope scope = row.scope();
            runs.lock(transaction, scope.organization());
            if (policies.lives(transaction, scope.organization(), scope.repository())
                    && runs.insert(
                            transaction,
                            scope.organization(),
                            new RetentionRun.New(
                                    randomness.get(),
                                    scope,
                                    Kind.RUN,
                                    row.policy().rules(),
                                    origins.of(grant)))) {
                LOG.infof("%s: a retention policy is due", grant.caller().account());
            }
        });
        return due.isPresent();
    }

    /** Answers 1 where the run has ended. */
    private int bringOn(Grant grant, RetentionRun taken, BooleanSupplier over) {
        RetentionRun run = taken;
        while (!run.progress().state().ended()) {
            RetentionRun present = run;
            if (over.getAsBoolean()) {
                transactions.run(
                        Durability.PROGRAM_END,
                        tx -> runs.release(tx, present.scope().organization(), present));
                return 0;
            }
            Optional<Progress> progress = comeOn(present, step(grant, present));
            if (progress.isEmpty()) {
                return 0;
            }
            run = present.come(progress.get());
        }
        LOG.infof(
                "Retention: a %s %s with %d decisions, %d deleted, %d skipped",
                run.kind().text(),
                run.progress().state().text(),
                run.progress().counts().decisions(),
                run.progress().counts().deleted(),
                run.progress().counts().skipped());
        return 1;
    }

    private Optional<Progress> comeOn(RetentionRun run, Work step) {
        try {
            return written(run, step);
        } catch (RetentionStep.Refused refused) {
            return written(run, refused.instead());
        }
    }

    private Optional<Progress> written(RetentionRun run, Work step) {
        return transactions.call(Durability.POWER_CUT, tx -> {
            // Before the work: what was held up longer than its lease writes nothing.
            if (!runs.hold(tx, run.scope().organization(), run)) {
                return Optional.empty();
            }
            Progress next = step.in(tx);
            runs.advance(tx, run.scope().organization(), run, next);
            if (next.state().ended() && run.kind() != Kind.PREVIEW) {
                tell(tx, run, next);
            }
            return Optional.of(next);
        });
    }

    private void tell(Transaction transaction, RetentionRun run, Progress end) {
        String because = "%s %s: %d deleted, %d skipped"
                .formatted(
                        run.kind().text(),
                        end.state().text(),
                        end.counts().deleted(),
                        end.counts().skipped());
        outbox.append(
                transaction,
                run.scope().organization(),
                run.scope().repository(),
                run.origin().because(Optional.of(because)),
                WebhookKind.RETENTION_FINISHED,
                Optional.empty());
    }

    private Work step(Grant grant, RetentionRun run) {
        if (run.attempts() > MOST_ATTEMPTS) {
            return _ -> run.progress().to(RetentionRun.State.FAILED, Place.BEGINNING);
        }
        return switch (run.progress().state()) {
            case REPOSITORIES -> written(decider.nextRepository(run));
            case TAGS -> written(decider.tags(run));
            case MANIFESTS -> written(decider.manifests(run));
            case BYTES -> written(decider.bytes(run));
            case DELETING_TAGS -> executor.tags(grant, run);
            case DELETING_MANIFESTS -> executor.manifests(grant, run);
            case UNDOING -> reversal.undo(grant, run);
            case DONE, FAILED, WITHDRAWN -> throw new IllegalStateException("the run has ended");
        };
    }

    private static Work written(RetentionStep step) {
        return tx -> {
            step.work().accept(tx);
            return step.progress();
        };
    }

    private void removeOld(long end) {
        for (Kind kind : Kind.values()) {
            long seconds = (kind == Kind.PREVIEW ? PREVIEWS_STAY : RUNS_STAY).toSeconds();
            inPieces(end, tx -> removals.supersede(tx, kind, seconds, REMOVED_AT_ONCE) > 0);
        }
        inPieces(end, tx -> removals.remove(tx, REMOVED_AT_ONCE));
        inPieces(end, tx -> removals.removeBare(tx, BARE_STAY.toSeconds(), REMOVED_AT_ONCE) > 0);
    }

    private void inPieces(long end, Predicate<Transaction> piece) {
        boolean more;
        do {
            more = transactions.call(Durability.PROGRAM_END, piece::test);
        } while (more && System.nanoTime() - end < 0);
    }
}
