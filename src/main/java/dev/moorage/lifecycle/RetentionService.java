package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Management;
import dev.moorage.administration.RetentionPolicies;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionDecisionStore.Which;
import dev.moorage.metadata.RetentionPolicyStore.Scope;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Kind;
import dev.moorage.metadata.RetentionRun.New;
import dev.moorage.metadata.RetentionRun.Undoes;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RetentionRule;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Previews and runs retention policies, and tells what came of it.
 *
 * <p>Who may delete in all that the policy is for may preview it and let it run; a role that pulls is enough to read what
 * came of it. Either is worked on in the request as long as that takes a moment only, and goes on without it then.
 */
@ApplicationScoped
public class RetentionService {

    /** How many previews and runs of an organization may be under way. */
    public static final int MOST_UNDER_WAY = 20;

    private static final Duration MOMENT = Duration.ofSeconds(20);
    private static final Grant WORKER = Grant.system("retention");

    private final Transactions transactions;
    private final Management management;
    private final RetentionPolicies policies;
    private final RetentionRunStore runs;
    private final RetentionDecisionStore decisions;
    private final RetentionWorker worker;
    private final Origins origins;
    private final Supplier<UUID> randomness;

    RetentionService(
            Transactions transactions,
            Management management,
            RetentionPolicies policies,
            RetentionRunStore runs,
            RetentionDecisionStore decisions,
            RetentionWorker worker,
            Origins origins,
            Supplier<UUID> randomness) {
        this.transactions = transactions;
        this.management = management;
        this.policies = policies;
        this.runs = runs;
        this.decisions = decisions;
        this.worker = worker;
        this.origins = origins;
        this.randomness = randomness;
    }

    /** Which decisions of a run are asked for, from where. */
    public record Asked(Listing.Asked page, Verdicts verdicts) {}

    /** Which decisions are asked for. */
    public enum Verdicts {
        ALL,
        DROP
    }

    /**
     * Decides what would go, and takes nothing away.
     *
     * @param given the rules to decide by; empty for those of the policy that is in force
     */
    public RetentionReport preview(
            Grant grant, RetentionTarget target, Optional<List<RetentionRule>> given, Asked asked) {
        return begin(grant, target, Kind.PREVIEW, given, asked);
    }

    /** Takes away what the policy that is in force lets go; 409 where a run of it is under way. */
    public RetentionReport run(Grant grant, RetentionTarget target, Asked asked) {
        return begin(grant, target, Kind.RUN, Optional.empty(), asked);
    }

    /**
     * Puts back what a run took away, or takes away again what an undo put back: 409 where something of the same policy is under
     * way. What something stands against stays as it is and is among the decisions; the rest is done.
     *
     * @param id of a run of this organization or repository; or, below a repository, of its organization's, for what it did there
     * @param why the reason, for the history
     */
    public RetentionReport undo(Grant grant, RetentionTarget target, String id, Optional<String> why, Asked asked) {
        UUID undone = id(id);
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        AuditSubject subject = target.subject(AuditAction.RETENTION_UNDO);
        return begin(grant, target, subject, List.of(Action.PUSH, Action.DELETE), asked, (tx, scope) -> {
            RetentionRun run =
                    runs.findReaching(tx, scope.organization(), scope, undone).orElseThrow(() -> absent(id));
            if (run.kind() == Kind.PREVIEW) {
                throw new Conflict("a preview took nothing away");
            }
            if (run.finishedAt().isEmpty()) {
                throw new Conflict("the run is under way");
            }
            Undoes undoes = new Undoes(run.id(), run.origin().group());
            return new New(randomness.get(), scope, Kind.UNDO, List.of(), origin, Optional.of(undoes));
        });
    }

    private RetentionReport begin(
            Grant grant, RetentionTarget target, Kind kind, Optional<List<RetentionRule>> given, Asked asked) {
        return begin(
                grant,
                target,
                target.subject(kind == Kind.PREVIEW ? AuditAction.RETENTION_PREVIEW : AuditAction.RETENTION_RUN),
                List.of(Action.DELETE),
                asked,
                (tx, scope) -> new New(
                        randomness.get(), scope, kind, policies.rules(tx, target, scope, given), origins.of(grant)));
    }

    private RetentionReport begin(
            Grant grant,
            RetentionTarget target,
            AuditSubject subject,
            List<Action> actions,
            Asked asked,
            BiFunction<Transaction, Scope, New> what) {
        New begun = management.change(grant, subject, (tx, powers, audit) -> {
            OrganizationId organization = scope(tx, powers, target, actions).organization();
            runs.lock(tx, organization);
            // Behind the lock, which may have been waited for: what he may do, and what the policy says, as they are
            // now.
            New one = what.apply(tx, scope(tx, management.again(tx, powers), target, actions));
            if (runs.unfinished(tx, organization) >= MOST_UNDER_WAY) {
                throw new Conflict(
                        "as many previews and runs of the organization are under way as may be",
                        Map.of("limit", MOST_UNDER_WAY));
            }
            if (!runs.insert(tx, organization, one)) {
                throw new Conflict("a run of the policy is under way");
            }
            audit.with("run", one.id().toString())
                    .with("undoes", one.undoes().map(undone -> undone.run().toString()))
                    .with("why", one.origin().why());
            return one;
        });
        worker.work(WORKER, begun.scope().organization(), begun.id(), MOMENT);
        return report(target, begun.scope(), begun.id(), asked);
    }

    private Scope scope(Transaction transaction, Powers powers, RetentionTarget target, List<Action> actions) {
        return actions.stream()
                .map(action -> policies.scope(transaction, powers, target, action))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    /** Previews and runs of exactly this organization or repository, the latest first. */
    public Listing<RetentionReport.Run> runs(Grant grant, RetentionTarget target, Listing.Asked asked) {
        Scope scope = policies.scope(grant, target, Action.PULL);
        Optional<UUID> before =
                Optional.of(asked.after()).filter(text -> !text.isEmpty()).map(RetentionService::id);
        List<RetentionRun> found =
                transactions.read(tx -> runs.page(tx, scope.organization(), scope, before, asked.limit() + 1));
        return page(found, asked, run -> shown(target, run), run -> run.id().toString());
    }

    /** A preview or a run with a page of its decisions. */
    public RetentionReport run(Grant grant, RetentionTarget target, String id, Asked asked) {
        return report(target, policies.scope(grant, target, Action.PULL), id(id), asked);
    }

    /** Below a repository nothing is said of the names of others. */
    private static RetentionReport.Run shown(RetentionTarget target, RetentionRun run) {
        return RetentionReport.Run.of(
                run,
                switch (target) {
                    case RetentionTarget.OfOrganization _ -> run.rules();
                    case RetentionTarget.OfRepository(var name) -> RetentionRule.of(run.rules(), name);
                });
    }

    private RetentionReport report(RetentionTarget target, Scope scope, UUID id, Asked asked) {
        RetentionRun run = transactions
                .read(tx -> runs.find(tx, scope.organization(), scope, id))
                .orElseThrow(() -> absent(id.toString()));
        List<RetentionDecisionStore.Row> rows = transactions.read(tx -> decisions.page(
                tx,
                scope.organization(),
                id,
                asked.verdicts() == Verdicts.ALL ? Which.ALL : Which.DROPPED,
                number(asked.page().after()),
                asked.page().limit() + 1));
        return new RetentionReport(
                shown(target, run),
                page(
                        rows,
                        asked.page(),
                        row -> RetentionReport.Decision.of(run.kind(), row),
                        row -> Long.toString(row.place())));
    }

    private static <R, T> Listing<T> page(
            List<R> found, Listing.Asked asked, Function<R, T> view, Function<R, String> key) {
        List<R> page = found.stream().limit(asked.limit()).toList();
        return new Listing<>(
                page.stream().map(view).toList(),
                found.size() > page.size() ? Optional.of(key.apply(page.getLast())) : Optional.empty());
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException _) {
            // It is none.
        }
        throw absent(text);
    }

    private static NotFound absent(String id) {
        return new NotFound("run", id);
    }
}
