package dev.moorage.metadata;

import dev.moorage.metadata.AuditListStore.Order;
import dev.moorage.metadata.AuditListStore.Wanted;
import dev.moorage.metadata.AuditRow.Place;
import dev.moorage.name.AuditOutcome;
import dev.moorage.name.Glob;
import dev.moorage.name.OrganizationId;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a page of a long audit trail touches: as much in the middle as at its beginning, and never all of it. */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class AuditPlanIT {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final OrganizationId ONE = new OrganizationId(1);
    private static final int PAGE = 50;
    private static final Wanted ALL = new Wanted(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    // Nobody is called so: every row that is looked at is passed over.
    private static final Wanted NOBODY = new Wanted(
            Optional.empty(),
            List.of("team.create", "team.delete"),
            Glob.parse("nobody*"),
            Optional.empty(),
            Optional.of(AuditOutcome.DONE),
            Optional.of(BEGIN),
            Optional.empty());
    private static final long MOST_PAGES = 70;
    private static final long MOST_PAGES_OF_ALL_THAT_IS_EXAMINED = 2200;
    private static final long FEW_PAGES = 40;

    private static DataSource database;

    enum Lists {
        NEWEST(page(ALL, Order.NEWEST_FIRST, 299_999), page(ALL, Order.NEWEST_FIRST, 150_000)),
        OLDEST(page(ALL, Order.OLDEST_FIRST, 0), page(ALL, Order.OLDEST_FIRST, 150_000)),
        NEWEST_OF_AN_ORGANIZATION(ofOne(ALL, Order.NEWEST_FIRST, 299_999), ofOne(ALL, Order.NEWEST_FIRST, 150_000)),
        OLDEST_OF_AN_ORGANIZATION(ofOne(ALL, Order.OLDEST_FIRST, 0), ofOne(ALL, Order.OLDEST_FIRST, 150_000));

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Lists(Consumer<Transaction> first, Consumer<Transaction> middle) {
            this.places = List.of(first, middle);
        }
    }

    enum Rare {
        OF_NOBODY(page(NOBODY, Order.NEWEST_FIRST, 299_999), page(NOBODY, Order.NEWEST_FIRST, 150_000)),
        OF_NOBODY_IN_AN_ORGANIZATION(
                ofOne(NOBODY, Order.NEWEST_FIRST, 299_999), ofOne(NOBODY, Order.NEWEST_FIRST, 150_000));

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Rare(Consumer<Transaction> first, Consumer<Transaction> middle) {
            this.places = List.of(first, middle);
        }
    }

    @BeforeAll
    static void fill() {
        database = TestDatabase.fresh();
        Sql sql = new Sql(database);
        sql.change("""
                INSERT INTO audit_event (at, organization_id, organization, actor_kind, actor, address, client, action,
                    target_kind, target, outcome, detail)
                SELECT ?::timestamptz + i * interval '1 minute', 1 + i % 7, 'org' || i % 7, 'account', 'account' || i % 100,
                    '192.0.2.7', 'test', 'team.add', 'team', 'team' || i, CASE WHEN i % 3 = 0 THEN 'denied' ELSE 'done' END, '{}'
                FROM generate_series(0, 299999) i
                """, BEGIN.toString());
        sql.change("VACUUM ANALYZE audit_event");
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @ParameterizedTest
    @EnumSource
    void aPageTouchesFewPagesWhereverItBegins(Lists list) {
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(database, list.places, mode, MOST_PAGES, FEW_PAGES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFilterThatPassesOverEverythingLooksAtSoManyRowsAndNoMore(Rare list) {
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(database, list.places, mode, MOST_PAGES_OF_ALL_THAT_IS_EXAMINED, FEW_PAGES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oldRowsOfEitherOutcomeAreFoundWithoutLookingAtTheOthers(AuditOutcome outcome) {
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(
                    database,
                    List.of(tx -> new AuditStore().removeOld(tx, outcome, Duration.ofDays(-1000), 3)),
                    mode,
                    MOST_PAGES,
                    FEW_PAGES);
        }
    }

    private static Consumer<Transaction> page(Wanted wanted, Order order, int minute) {
        return tx -> new AuditListStore().page(tx, wanted, order, Optional.of(place(minute)), PAGE);
    }

    private static Consumer<Transaction> ofOne(Wanted wanted, Order order, int minute) {
        return tx -> new AuditListStore().page(tx, ONE, wanted, order, Optional.of(place(minute)), PAGE);
    }

    private static Place place(int minute) {
        return new Place(BEGIN.plus(Duration.ofMinutes(minute)), 0);
    }
}
