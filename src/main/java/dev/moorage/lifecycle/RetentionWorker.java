package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionPolicyStore.Row;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Kind;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRun.State;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationId;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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

    private final Transactions transactions;
    private final RetentionPolicyStore policies;
    private final RetentionRunStore runs;
    private final RetentionDecider decider;
    private final RetentionExecutor executor;
    private final Origins origins;
    private final Supplier<UUID> randomness;

    RetentionWorker(
            Transactions transactions,
            RetentionPolicyStore policies,
            RetentionRunStore runs,
            RetentionDecider decider,
            RetentionExecutor executor,
            Origins origins,
            Supplier<UUID> randomness) {
        this.transactions = transactions;
        this.policies = policies;
        this.runs = runs;
        this.decider = decider;
        this.executor = executor;
        this.origins = origins;
        this.randomness = randomness;
    }

    /** Begins what is due, brings everything to its end that nobody works on, and removes what is old; answers how many ended. */
    public int work(Grant grant) {
        while (transactions.call(Durability.POWER_CUT, tx -> beginDue(tx, grant))) {
            // The next one.
        }
        int ended = 0;
        Optional<RetentionRun> taken;
        do {
            taken = transactions.call(Durability.POWER_CUT, runs::take);
            ended += taken.map(run -> bringOn(grant, run, Long.MAX_VALUE)).orElse(0);
        } while (taken.isPresent());
        removeOld();
        return ended;
    }

    /** Works on a run, unless somebody does already, until it ends or the time is over. */
    void work(Grant grant, OrganizationId organization, UUID id, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        transactions
                .call(Durability.POWER_CUT, tx -> runs.take(tx, organization, id))
                .ifPresent(run -> bringOn(grant, run, end));
    }

    private boolean beginDue(Transaction transaction, Grant grant) {
        Optional<Row> due = policies.takeDue(transaction);
        due.ifPresent(row -> {
            Scope scope = row.scope();
            if (policies.lives(transaction, scope.organization(), scope.repository())
                    && runs.insert(
                            transaction,
                            scope.organization(),
                            randomness.get(),
                            scope,
                            Kind.RUN,
                            row.policy().rules(),
                            origins.of(grant))) {
                LOG.infof("%s: a retention policy is due", grant.caller().account());
            }
        });
        return due.isPresent();
    }

    /** Answers 1 where the run has ended. */
    private int bringOn(Grant grant, RetentionRun taken, long end) {
        RetentionRun run = taken;
        while (run.progress().state() != State.DONE && run.progress().state() != State.FAILED) {
            RetentionRun present = run;
            if (System.nanoTime() - end >= 0 && end != Long.MAX_VALUE) {
                transactions.run(
                        Durability.PROGRAM_END,
                        tx -> runs.release(tx, present.scope().organization(), present));
                return 0;
            }
            Function<Transaction, Progress> step = step(grant, present);
            Optional<Progress> progress = transactions.call(Durability.POWER_CUT, tx -> {
                // Before the work: what was held up longer than its lease writes nothing.
                if (!runs.hold(tx, present.scope().organization(), present)) {
                    return Optional.empty();
                }
                Progress next = step.apply(tx);
                runs.advance(tx, present.scope().organization(), present, next);
                return Optional.of(next);
            });
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

    private Function<Transaction, Progress> step(Grant grant, RetentionRun run) {
        if (run.attempts() > MOST_ATTEMPTS) {
            return _ -> run.progress().to(State.FAILED, Place.BEGINNING);
        }
        return switch (run.progress().state()) {
            case REPOSITORIES -> written(decider.nextRepository(run));
            case TAGS -> written(decider.tags(run));
            case MANIFESTS -> written(decider.manifests(run));
            case BYTES -> written(decider.bytes(run));
            case DELETING_TAGS -> executor.tags(grant, run)::in;
            case DELETING_MANIFESTS -> executor.manifests(grant, run)::in;
            case DONE, FAILED -> throw new IllegalStateException("the run has ended");
        };
    }

    private static Function<Transaction, Progress> written(RetentionStep step) {
        return tx -> {
            step.work().accept(tx);
            return step.progress();
        };
    }

    private void removeOld() {
        for (Kind kind : Kind.values()) {
            long seconds = (kind == Kind.PREVIEW ? PREVIEWS_STAY : RUNS_STAY).toSeconds();
            while (transactions.call(
                    Durability.PROGRAM_END, tx -> runs.removeOld(tx, kind, seconds, REMOVED_AT_ONCE))) {
                // The next part.
            }
        }
    }
}
