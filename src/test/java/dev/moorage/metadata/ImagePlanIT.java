package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.metadata.ImageQuestion.NamedSource;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Source;
import dev.moorage.name.Glob;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Sorting;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a page of images touches in a large registry, for an administrator, for a member of an organization of 5,000
 * repositories, and for who may pull some of them: few pages, as many in the middle of the list as at its beginning.
 */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class ImagePlanIT {

    private static final int FEW = 3;
    private static final Scope EVERYWHERE = new Scope.Everywhere();
    private static final Scope OF_TEN = new Scope.Some(Stream.iterate(13, i -> i + 1000)
            .limit(10)
            .map(i -> new Source(new OrganizationId(1 + i % 100), Optional.of(new RepositoryId(1 + i))))
            .toList());
    private static final Scope OF_WIDE =
            new Scope.Some(List.of(new Source(new OrganizationId(9000), Optional.empty())));
    // A hundred repositories of the wide organization.
    private static final int PART = 100;
    private static final Scope OF_PART = new Scope.Some(IntStream.rangeClosed(1, PART)
            .mapToObj(i -> new Source(new OrganizationId(9000), Optional.of(new RepositoryId(20_000 + i))))
            .toList());
    // Where a repository begins is a look into an index of three levels and one at a row.
    private static final long PAGES_OF_A_HEAD = 6;
    // A short page looks at a hundred manifests all the same, of each of ten repositories at what may be among them.
    private static final long MOST_PAGES = PlanIT.MOST_PAGES_OF_THREE_RICH_ROWS + 2 * 10 * PAGES_OF_A_HEAD;
    // What is looked at is compared with the question, by a look or two into other tables.
    private static final long MOST_PAGES_OF_WHAT_IS_RARE = 25L * ImageListStore.EXAMINED;

    private static DataSource database;

    /** Questions, one call for each of the places that are compared. */
    enum Page {
        BY_PUSH_DATE(page(EVERYWHERE, "pushed", old(0)), page(EVERYWHERE, "pushed", old(5000))),
        BY_PUSH_DATE_FROM_THE_END(page(EVERYWHERE, "-pushed", old(9999)), page(EVERYWHERE, "-pushed", old(5000))),
        BY_SIZE(page(EVERYWHERE, "size", old(10)), page(EVERYWHERE, "size", old(5000))),
        BY_SIZE_FROM_THE_END(page(EVERYWHERE, "-size", old(9999)), page(EVERYWHERE, "-size", old(5000))),
        OF_TEN_BY_PUSH_DATE(page(OF_TEN, "pushed", old(0))),
        OF_TEN_BY_PUSH_DATE_LATER(page(OF_TEN, "pushed", old(5000))),
        OF_TEN_BY_SIZE(page(OF_TEN, "-size", old(9999))),
        OF_TEN_BY_SIZE_LATER(page(OF_TEN, "-size", old(5000))),
        OF_AN_ORGANIZATION_BY_PUSH_DATE(page(OF_WIDE, "pushed", wide(0)), page(OF_WIDE, "pushed", wide(10_000))),
        OF_AN_ORGANIZATION_BY_PUSH_DATE_FROM_THE_END(
                page(OF_WIDE, "-pushed", wide(19_999)), page(OF_WIDE, "-pushed", wide(10_000))),
        OF_AN_ORGANIZATION_BY_SIZE(page(OF_WIDE, "size", wide(0)), page(OF_WIDE, "size", wide(10_000))),
        OF_AN_ORGANIZATION_BY_SIZE_FROM_THE_END(
                page(OF_WIDE, "-size", wide(19_999)), page(OF_WIDE, "-size", wide(10_000))),
        BY_NAME(page(named(10, 13, ""), "name"), page(named(13, 16, ""), "name")),
        BY_NAME_OF_A_LARGE_REPOSITORY(page(named(0, 3, ""), "name"), page(named(0, 3, "sha256:8"), "name"));

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Page(Consumer<Transaction> only) {
            this.places = List.of(only);
        }

        Page(Consumer<Transaction> first, Consumer<Transaction> middle) {
            this.places = List.of(first, middle);
        }
    }

    @BeforeAll
    static void fill() {
        database = LargeData.fresh();
        // The planner is to know that there are many repositories, as it does after a day's analysis.
        new Sql(database).change("ANALYZE manifest");
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @ParameterizedTest
    @EnumSource
    void aPageTouchesFewPagesWhereverItBegins(Page page) {
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(database, page.places, mode, MOST_PAGES, PlanIT.PAGES_OF_A_RICH_ROW);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pushed", "-pushed", "size", "-size"})
    void aPageOfPartsOfOrganizationsTouchesThemWhereTheyBeginAndFewOfThemFurther(String order) {
        List<Consumer<Transaction>> places =
                List.of(page(OF_PART, order, wide(9000)), page(OF_PART, order, wide(11_000)));
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(
                    database,
                    places,
                    mode,
                    PlanIT.MOST_PAGES_OF_THREE_RICH_ROWS + PAGES_OF_A_HEAD * PART,
                    2 * PlanIT.PAGES_OF_A_RICH_ROW);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pushed", "-size"})
    void whatIsRareIsLookedForInABoundedPart(String order) {
        for (Scope scope : List.of(EVERYWHERE, OF_WIDE)) {
            List<Consumer<Transaction>> places =
                    List.of(rare(scope, order, wide(15_000)), rare(scope, order, wide(10_000)));
            for (PlanIT.Mode mode : PlanIT.Mode.values()) {
                PlanIT.demand(database, places, mode, MOST_PAGES_OF_WHAT_IS_RARE, ImageListStore.EXAMINED);
            }
        }
    }

    @Test
    void whereImagesAreIsReadUpToABound() {
        List<RepositoryPrefix> prefixes = Stream.of("wide", "wide/part", "org13/r00013", "org14/none", "tenant0007")
                .map(RepositoryPrefix::new)
                .toList();
        assertThat(new Transactions(database)
                        .<List<Source>>read(tx -> new ImageListStore().sources(tx, prefixes, 1000)))
                .hasSize(PART + 3);
        Consumer<Transaction> fifty =
                tx -> assertThat(new ImageListStore().sources(tx, prefixes, 50)).hasSize(50);
        for (PlanIT.Mode mode : PlanIT.Mode.values()) {
            PlanIT.demand(database, List.of(fifty), mode, 120, 0);
        }
    }

    private static Consumer<Transaction> rare(Scope scope, String order, ImageQuestion.Place after) {
        ImageQuestion.Wanted wanted = wanted(scope, order, Optional.of(after), List.of("none"));
        return tx -> assertThat(new ImageListStore().page(tx, wanted, FEW, ImageListStore.EXAMINED))
                .noneMatch(ImageListStore.Row::matches)
                .hasSize(1);
    }

    private static Consumer<Transaction> page(Scope scope, String order, ImageQuestion.Place after) {
        return page(wanted(scope, order, Optional.of(after), List.of()));
    }

    private static Consumer<Transaction> page(Scope scope, String order) {
        return page(wanted(scope, order, Optional.empty(), List.of()));
    }

    private static Consumer<Transaction> page(ImageQuestion.Wanted wanted) {
        return tx -> assertThat(new ImageListStore().page(tx, wanted, FEW, ImageListStore.FIRST_EXAMINED))
                .hasSize(FEW);
    }

    private static ImageQuestion.Wanted wanted(
            Scope scope, String order, Optional<ImageQuestion.Place> after, List<String> labels) {
        ImageQuestion.Filter filter = new ImageQuestion.Filter(
                new Glob("*"),
                Optional.empty(),
                ImageQuestion.Standing.IMAGES,
                labels,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new ImageQuestion.Wanted(
                scope, Sorting.parse(order).orElseThrow(), after, filter, ImageQuestion.Labels.LEFT_OUT);
    }

    private static ImageQuestion.Place old(int repository) {
        return place("2026-01-01T00:00:00Z", repository * 10L, 3000 + repository * 10L);
    }

    private static ImageQuestion.Place wide(int image) {
        return place("2025-01-01T00:00:00Z", image, 10_000_000L + image);
    }

    private static ImageQuestion.Place place(String from, long minutes, long size) {
        return new ImageQuestion.Place(Instant.parse(from).plus(Duration.ofMinutes(minutes)), size, "", 0);
    }

    private static Scope named(int from, int end, String after) {
        return new Scope.Named(IntStream.range(from, end)
                .mapToObj(i -> new NamedSource(
                        new RepositoryKey(new OrganizationId(1 + i), new RepositoryId(1 + i)),
                        new RepositoryName(String.format(Locale.ROOT, "org%02d/r%05d", i, i)),
                        i == from ? after : ""))
                .toList());
    }
}
