package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.RetentionPolicies;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.administration.TestAdministration;
import dev.moorage.drain.Drain;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionFactStore;
import dev.moorage.metadata.RetentionPolicyStore;
import dev.moorage.metadata.RetentionRemovalStore;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RetentionPolicy;
import dev.moorage.name.RetentionRule;
import dev.moorage.name.RetentionSchedule;
import dev.moorage.registry.RegistryHarness;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The use cases of retention of one replica, and words for what is asked of them. */
final class TestRetention {

    static final Grant EVERYBODY = TestAdministration.everybody();
    static final Grant WORKER = Grant.system("retention");

    private final RetentionPolicies policies;
    private final RetentionWorker worker;
    private final RetentionService service;

    TestRetention(RegistryHarness registry) {
        Transactions transactions = registry.transactions();
        RetentionRunStore runs = new RetentionRunStore();
        RetentionDecisionStore decisions = new RetentionDecisionStore();
        this.policies = TestAdministration.retention(transactions);
        this.worker = new RetentionWorker(
                transactions,
                new RetentionPolicyStore(),
                runs,
                new RetentionRemovalStore(),
                new RetentionDecider(transactions, new RetentionFactStore(), decisions, runs, registry.config()),
                new RetentionExecutor(
                        transactions,
                        decisions,
                        new RetentionFactStore(),
                        new RetentionPolicyStore(),
                        registry.deletes()),
                new RetentionReversal(
                        transactions,
                        new EventStore(),
                        new RepositoryStore(),
                        new RestoreStore(),
                        decisions,
                        registry.reversal()),
                new OutboxStore(),
                registry.origins(),
                UUID::randomUUID,
                new Drain());
        this.service = new RetentionService(
                transactions,
                TestAdministration.management(transactions),
                policies,
                runs,
                decisions,
                worker,
                registry.origins(),
                UUID::randomUUID);
    }

    RetentionPolicies policies() {
        return policies;
    }

    RetentionWorker worker() {
        return worker;
    }

    RetentionService service() {
        return service;
    }

    static RetentionTarget organization(String name) {
        return new RetentionTarget.OfOrganization(new OrganizationName(name));
    }

    static RetentionTarget repository(String name) {
        return new RetentionTarget.OfRepository(new RepositoryName(name));
    }

    static List<RetentionRule> rules(String... texts) {
        return Stream.of(texts)
                .map(text -> RetentionRule.parse(text).orElseThrow())
                .toList();
    }

    static RetentionService.Asked all() {
        return new RetentionService.Asked(new Listing.Asked("", 1000), RetentionService.Verdicts.ALL);
    }

    void set(RetentionTarget target, Optional<RetentionSchedule> schedule, String... rules) {
        policies.put(EVERYBODY, target, new RetentionPolicy(rules(rules), schedule));
    }

    void set(RetentionTarget target, String... rules) {
        set(target, Optional.empty(), rules);
    }

    RetentionReport preview(RetentionTarget target, String... rules) {
        return service.preview(EVERYBODY, target, Optional.of(rules(rules)), all());
    }

    RetentionReport run(RetentionTarget target) {
        return service.run(EVERYBODY, target, all());
    }

    RetentionReport undo(RetentionTarget target, UUID run) {
        return service.undo(EVERYBODY, target, run.toString(), Optional.empty(), all());
    }

    /** What goes, each as its kind and name. */
    static List<String> dropped(RetentionReport report) {
        return report.decisions().items().stream()
                .filter(decision -> decision.verdict().equals("drop"))
                .map(RetentionReport.Decision::name)
                .toList();
    }

    /** The decision about something. */
    static RetentionReport.Decision about(RetentionReport report, String name) {
        return report.decisions().items().stream()
                .filter(decision -> decision.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
