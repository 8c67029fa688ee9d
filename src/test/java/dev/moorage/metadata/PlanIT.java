package dev.moorage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.name.AccountId;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.name.TeamId;
import dev.moorage.testing.CaughtStatements;
import dev.moorage.testing.CaughtStatements.Caught;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each hot statement touches in a large registry: few pages, as many in the middle of a list as at its beginning, and
 * never a whole table; planned for its parameters and, as the driver's prepared statements come to be, for any.
 */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class PlanIT {

    static final RepositoryScope NAME = RepositoryScope.unguarded(new RepositoryName(LargeData.REPOSITORY));
    static final RepositoryKey KEY = new RepositoryKey(new OrganizationId(1), new RepositoryId(1));
    static final RepositoryScope GUARDED = new RepositoryScope(
            NAME.name(),
            Guard.of(
                    new Guard.Holder.Member(new Guard.Holder.Account(new AccountId(7), 0), KEY.organization(), 0),
                    new Guard.Which.Same(KEY)));
    private static final List<RepositoryPrefix> TEN = Stream.iterate(13, i -> i + 1000)
            .limit(10)
            .map(i -> String.format(Locale.ROOT, "org%02d/r%05d", i % 100, i))
            .map(RepositoryPrefix::new)
            .toList();
    private static final List<OrganizationName> TENANTS = Stream.of("org02", "org03", "org04", "org05", "tenant0007")
            .map(OrganizationName::new)
            .toList();
    private static final long HALF_OF_ALL_IDS = 1L << 51;
    private static final int PAGE = 50;
    // Each row of some lists is a look or two into other tables.
    private static final int SHORT = 10;
    private static final int FEW = 3;
    private static final StorageReportStore.Pace PACE =
            new StorageReportStore.Pace(Duration.ofHours(6), Duration.ofMinutes(1), 20);
    private static final Duration LEASE = Duration.ofHours(25);
    private static final OrganizationId OTHER = new OrganizationId(7);
    // The event of number 10,007.
    private static final UUID EVENT = UUID.fromString("00000000-0000-0000-0000-000000010007");
    // Ten parts of the catalog are twenty looks into an index of three levels.
    private static final long MOST_PAGES = 90;
    private static final long FEW_PAGES = 4;
    // Two or three rows in up to five tables, each of which has up to seven indexes.
    private static final long MOST_PAGES_OF_WHAT_IS_WRITTEN = 150;
    // Of ten repositories all rows are looked at of which the page might be.
    static final long MOST_PAGES_OF_THREE_RICH_ROWS = 450;
    // One row may have parents or children where another one has none.
    static final long PAGES_OF_A_RICH_ROW = 60;

    private static DataSource database;

    /** The hot statements, one call for each of the places that are compared. */
    enum Hot {
        TAGS(tx -> new TagStore().after(tx, KEY, "", PAGE + 1), tx -> new TagStore()
                .after(tx, KEY, LargeData.tag(LargeData.TAGS / 2), PAGE + 1)),
        CATALOG(tx -> new RepositoryStore().catalog(tx, "", PAGE + 1), tx -> new RepositoryStore()
                .catalog(tx, "org50", PAGE + 1)),
        REPOSITORY(tx -> new RepositoryStore().find(tx, NAME)),
        MANIFEST_HEAD_BY_TAG(
                tx -> new ManifestStore().head(tx, NAME, new Tag(LargeData.tag(0))),
                tx -> new ManifestStore().head(tx, NAME, new Tag(LargeData.tag(LargeData.TAGS / 2)))),
        MANIFEST_BY_TAG(tx -> new ManifestStore().get(tx, NAME, new Tag(LargeData.tag(0))), tx -> new ManifestStore()
                .get(tx, NAME, new Tag(LargeData.tag(LargeData.TAGS / 2)))),
        MANIFEST_BY_DIGEST(tx -> new ManifestStore().get(tx, NAME, LargeData.SUBJECT)),
        BLOB_IN_REPOSITORY(tx -> new LinkStore().find(tx, NAME, LargeData.BASE_LAYER), tx -> new LinkStore()
                .find(tx, NAME, LargeData.digest("blob 700"))),
        BLOB_VISIBLE_SOMEWHERE(tx -> new LinkStore().visibleSomewhere(tx, LargeData.BASE_LAYER), tx -> new LinkStore()
                .visibleSomewhere(tx, LargeData.digest("blob 70000"))),
        GUARDED_MANIFEST_HEAD_BY_TAG(tx -> new ManifestStore().head(tx, GUARDED, new Tag(LargeData.tag(0)))),
        LOOK_FOR_A_BLOB(
                tx -> PushStatements.blob(tx, NAME, LargeData.BASE_LAYER, true),
                tx -> PushStatements.blob(tx, NAME, LargeData.digest("blob 700"), true)),
        LOOK_FOR_NOBODYS_BLOB(tx -> PushStatements.blob(tx, NAME, LargeData.digest("nobody's"), false)),
        GUARDED_LOOK_FOR_A_BLOB(tx -> PushStatements.blob(tx, GUARDED, LargeData.BASE_LAYER, true)),
        GUARDED_BLOB(tx -> new LinkStore().find(tx, GUARDED, LargeData.BASE_LAYER)),
        CATALOG_OF_TEN(tx -> new RepositoryStore().catalog(tx, TEN, "", PAGE + 1)),
        CATALOG_OF_TEN_LATER(tx -> new RepositoryStore().catalog(tx, TEN, "org13/r05013", PAGE + 1)),
        CATALOG_OF_AN_ORGANIZATION(
                tx -> new RepositoryStore().catalog(tx, List.of(new RepositoryPrefix("org50")), "", PAGE + 1),
                tx -> new RepositoryStore()
                        .catalog(tx, List.of(new RepositoryPrefix("org50")), "org50/r02050", PAGE + 1)),
        CATALOG_OF_NOBODY(tx -> new RepositoryStore().catalog(tx, List.of(), "", PAGE + 1)),
        BLOB_VISIBLE_IN_THE_ORGANIZATION(tx -> new LinkStore()
                .visibleTo(
                        tx,
                        new OrganizationName("org00"),
                        List.of(new RepositoryPrefix("org00")),
                        LargeData.BASE_LAYER)),
        // A digest that nobody has, and one that 10,000 repositories of others keep to themselves.
        MOUNT_OF_WHAT_THE_CALLER_MAY_NOT_PULL(
                tx -> visibleToAStranger(tx, LargeData.digest("nobody's")),
                tx -> visibleToAStranger(tx, LargeData.BASE_LAYER)),
        GRANTS_OF_AN_ACCOUNT(tx -> new GrantStore().of(tx, new AccountId(7))),
        GRANTS_OF_AN_ACCOUNT_IN_AN_ORGANIZATION(
                tx -> new GrantStore().of(tx, new AccountId(7), List.of(new OrganizationName("org07")))),
        REPOSITORIES_THAT_A_TOKEN_IS_ASKED_FOR(
                tx -> new RepositoryStore().look(tx, List.of(NAME.name(), new RepositoryName("org07/none")))),
        REPOSITORY_TO_WRITE(tx -> new RepositoryStore().share(tx, NAME)),
        REPOSITORY_TO_KEEP(tx -> new RepositoryStore().keep(tx, KEY)),
        TAG_TO_MOVE_BY_ITS_RULES(tx -> new TagStore().move(tx, KEY, new Tag(LargeData.tag(0)), LargeData.SUBJECT)),
        USE_OF_AN_ORGANIZATION(tx -> new UsageStore().used(tx, KEY.organization())),
        USE_OF_A_REPOSITORY(tx -> new UsageReportStore().repository(tx, KEY)),
        USE_OF_REPOSITORIES(
                tx -> new UsageReportStore().repositories(tx, new OrganizationName("org00"), "", 5),
                tx -> new UsageReportStore().repositories(tx, new OrganizationName("org00"), "org00/r05000", 5)),
        USE_TO_FOLD(tx -> new UsageStore().fold(tx, 3)),
        LINKS_TO_SHARE(tx -> new LinkStore()
                .shareVisible(
                        tx,
                        KEY,
                        Stream.of(1, 5000, 9000, 15_000)
                                .map(i -> LargeData.digest("blob " + i))
                                .toList())),
        MANIFESTS_TO_SHARE(tx -> new ManifestWriteStore()
                .shareVisible(
                        tx,
                        KEY,
                        Stream.of(1, 5000, 9000, 15_000)
                                .map(i -> LargeData.digest("manifest " + i))
                                .toList())),
        MANIFESTS_WITH_THE_BASE_LAYER(tx -> new LinkStore().liveManifestsWith(tx, KEY, LargeData.BASE_LAYER, 10)),
        MANIFESTS_WITH_A_BLOB(tx -> new LinkStore().liveManifestsWith(tx, KEY, LargeData.digest("blob 700"), 10)),
        PARENTS_OF_A_MANIFEST(tx -> new ManifestWriteStore().liveParents(tx, KEY, LargeData.CHILD, 10)),
        TAGS_ON_A_MANIFEST(tx -> new TagStore().lockTagsOn(tx, KEY, LargeData.digest("manifest 500"))),
        UPLOAD_TO_FIND(tx -> new UploadStore().find(tx, NAME, PushStatements.upload())),
        MANIFEST_HEADS_AT_ONCE(tx -> PushStatements.heads(tx, NAME)),
        GUARDED_MANIFEST_HEADS_AT_ONCE(tx -> PushStatements.heads(tx, GUARDED)),
        MANIFESTS_AT_ONCE(tx -> assertThat(tx.firstOfEach(Stream.of(1, 5000, 9000)
                        .map(i -> ManifestStore.toGet(NAME, LargeData.digest("manifest " + i)))
                        .toList()))
                .noneMatch(Optional::isEmpty)),
        BLOBS_AT_ONCE(tx -> PushStatements.blobs(tx, NAME)),
        GUARDED_BLOBS_AT_ONCE(tx -> PushStatements.blobs(tx, GUARDED)),
        REPOSITORIES_AT_ONCE(tx -> tx.firstOfEach(List.of(
                RepositoryStore.toState(NAME),
                RepositoryStore.toState(RepositoryScope.unguarded(new RepositoryName("org07/none")))))),
        GUARDED_REPOSITORIES_AT_ONCE(
                tx -> tx.firstOfEach(List.of(RepositoryStore.toState(GUARDED), RepositoryStore.toState(GUARDED)))),
        REPOSITORY_OF_A_MANIFEST(
                tx -> assertThat(new RepositoryStore().shareListed(tx, NAME)).isPresent()),
        SMALL_OBJECT(tx -> PushStatements.object(tx, 0), tx -> PushStatements.object(tx, 50_000)),
        SMALL_OBJECTS_AT_ONCE(tx -> assertThat(tx.firstOfEach(Stream.of(7, 70_000, 99_999)
                        .map(i -> SmallObjectStore.toRead(PushStatements.row(i)))
                        .toList()))
                .noneMatch(Optional::isEmpty)),
        SMALL_OBJECTS_IN_THEIR_ORDER(
                tx -> new SmallObjectStore().list(tx, Optional.empty(), PAGE),
                tx -> new SmallObjectStore().list(tx, Optional.of(PushStatements.row(50_000)), PAGE)),
        OPEN_UPLOADS(tx -> new UploadStore().open(tx, KEY.organization(), 50)),
        ORGANIZATIONS(tx -> new OrganizationStore().page(tx, "", PAGE + 1), tx -> new OrganizationStore()
                .page(tx, "tenant3", PAGE + 1)),
        ORGANIZATIONS_OF_SOMEBODY(
                tx -> new OrganizationStore().page(tx, TENANTS, "", PAGE + 1),
                tx -> new OrganizationStore().page(tx, TENANTS, "org04", PAGE + 1)),
        REPOSITORIES_TO_MANAGE(tx -> new RepositoryListStore().page(tx, "", PAGE + 1), tx -> new RepositoryListStore()
                .page(tx, "org50", PAGE + 1)),
        REPOSITORIES_OF_TEN_TO_MANAGE(tx -> new RepositoryListStore().page(tx, TEN, "", PAGE + 1)),
        REPOSITORIES_OF_TEN_TO_MANAGE_LATER(tx -> new RepositoryListStore().page(tx, TEN, "org13/r05013", PAGE + 1)),
        REPOSITORIES_OF_AN_ORGANIZATION_WITH_WHAT_THEY_HOLD(
                tx -> summaries(tx, "org50", "", ""), tx -> summaries(tx, "org50", "", "org50/r05050")),
        REPOSITORIES_OF_AN_ORGANIZATION_WITH_A_PART(
                tx -> summaries(tx, "wide", "r0", ""), tx -> summaries(tx, "wide", "r0", "wide/r02500")),
        REPOSITORIES_OF_A_PART_AND_WHAT_IS_PUBLIC(
                tx -> summaries(tx, "org50/r05050", "", ""), tx -> summaries(tx, "org50/r05050", "", "org50/r04050")),
        LAST_REPOSITORY_THAT_WAS_LOOKED_AT(
                tx -> assertThat(new RepositorySummaryStore()
                                .last(tx, new OrganizationName("wide"), wanted("wide", "r0", "")))
                        .isPresent(),
                tx -> assertThat(new RepositorySummaryStore()
                                .last(tx, new OrganizationName("wide"), wanted("wide", "r0", "wide/r02500")))
                        .isPresent()),
        USES_OF_ORGANIZATIONS(tx -> assertThat(new OrganizationSummaryStore().uses(tx, List.of(OTHER)))
                .hasSize(1)),
        ACCOUNTS(tx -> new AccountListStore().page(tx, "", PAGE + 1), tx -> new AccountListStore()
                .page(tx, "account5", PAGE + 1)),
        PERSONAL_TOKENS(
                tx -> new AccessTokenListStore().page(tx, new AccountId(7), 0, PAGE + 1),
                tx -> new AccessTokenListStore().page(tx, new AccountId(7), HALF_OF_ALL_IDS, PAGE + 1)),
        GRANTS(
                tx -> new GrantListStore().page(tx, KEY.organization(), List.of(""), 0, SHORT + 1),
                tx -> new GrantListStore().page(tx, KEY.organization(), List.of(""), HALF_OF_ALL_IDS, SHORT + 1)),
        TEAMS(tx -> new TeamStore().page(tx, KEY.organization(), "", PAGE + 1), tx -> new TeamStore()
                .page(tx, KEY.organization(), "team5", PAGE + 1)),
        MEMBERS_OF_A_TEAM(tx -> new TeamStore().members(tx, KEY.organization(), new TeamId(100), "", PAGE + 1)),
        ROBOTS(tx -> new RobotListStore().page(tx, KEY.organization(), "", PAGE + 1), tx -> new RobotListStore()
                .page(tx, KEY.organization(), "robot02500", PAGE + 1)),
        TRUSTED_ISSUERS(
                tx -> new TrustedIssuerListStore().page(tx, KEY.organization(), "", PAGE + 1),
                tx -> new TrustedIssuerListStore().page(tx, KEY.organization(), "issuer01000", PAGE + 1)),
        MEMBERS(tx -> new GrantListStore().members(tx, KEY.organization(), 0, FEW), tx -> new GrantListStore()
                .members(tx, KEY.organization(), 5000, FEW)),
        EVENTS_OF_A_REPOSITORY(tx -> new EventStore().before(tx, KEY, Optional.empty(), SHORT), tx -> new EventStore()
                .before(tx, KEY, Optional.of(EVENT), SHORT)),
        EVENTS_OF_AN_ORGANIZATION(
                tx -> new EventStore().before(tx, KEY.organization(), Optional.empty(), SHORT),
                tx -> new EventStore().before(tx, KEY.organization(), Optional.of(EVENT), SHORT)),
        RETENTION_RUNS_OF_A_REPOSITORY(
                tx -> runs(tx, Optional.of(KEY.repository()), Optional.empty()),
                tx -> runs(tx, Optional.of(KEY.repository()), Optional.of(run(5000)))),
        RETENTION_RUNS_OF_AN_ORGANIZATION(
                tx -> runs(tx, Optional.empty(), Optional.empty()),
                tx -> runs(tx, Optional.empty(), Optional.of(run(5001)))),
        RETENTION_DECISIONS(
                tx -> decisions(tx, RetentionDecisionStore.Which.ALL, 0),
                tx -> decisions(tx, RetentionDecisionStore.Which.ALL, 25_000)),
        RETENTION_DECISIONS_TO_DROP(
                tx -> decisions(tx, RetentionDecisionStore.Which.DROPPED, 0),
                tx -> decisions(tx, RetentionDecisionStore.Which.DROPPED, 25_000)),
        RULES(tx -> new ImmutabilityStore().after(tx, KEY.organization(), 0, SHORT + 1), tx -> new ImmutabilityStore()
                .after(tx, KEY.organization(), HALF_OF_ALL_IDS, SHORT + 1)),
        RULES_ABOUT_A_REPOSITORY(tx -> new ImmutabilityStore().about(tx, KEY, 0, PAGE + 1)),
        EXPIRED_UPLOADS(tx -> new UploadStore().deleteExpired(tx, 3)),
        HOLDS_TO_END(tx -> new ReviewStore().endHolds(tx, 3, Duration.ZERO)),
        DUE_REVIEWS(tx -> new ReviewStore().takeDue(tx, 3)),
        LINKS_TO_REVIEW(tx -> new ReviewStore()
                .enqueue(
                        tx,
                        KEY,
                        HistoryStore.Held.LINK,
                        List.of(LargeData.BASE_LAYER, LargeData.digest("blob 700")),
                        ReviewStore.Because.MANIFEST_GONE,
                        Duration.ZERO)),
        LINKS_OF_AGE(
                tx -> new LinkScanStore()
                        .readOn(tx, OffsetDateTime.now(ZoneOffset.UTC).minusYears(10), 5, Duration.ofHours(25)),
                tx -> new LinkScanStore()
                        .readOn(tx, OffsetDateTime.now(ZoneOffset.UTC).minusDays(70), 5, Duration.ofHours(25))),
        NEEDS_OF_A_MANIFEST(tx -> new RemovalStore().manifestNeeds(tx, KEY, LargeData.CHILD)),
        NEEDS_OF_A_LINK(
                tx -> new RemovalStore().linkNeeds(tx, KEY, LargeData.BASE_LAYER, Duration.ofHours(25)),
                tx -> new RemovalStore().linkNeeds(tx, KEY, LargeData.digest("blob 700"), Duration.ofHours(25))),
        LINKS_OF_A_BLOB(tx -> new BlobRowStore().linked(tx, LargeData.BASE_LAYER), tx -> new BlobRowStore()
                .linked(tx, LargeData.digest("blob 70000"))),
        TAGS_OF_A_DELETED_REPOSITORY(tx -> new RepositoryRemovalStore().removeTags(tx, KEY, 3)),
        LINKS_OF_A_DELETED_REPOSITORY(tx -> new RepositoryRemovalStore().lockLinks(tx, KEY, 3)),
        DUE_TOMBSTONES(tx -> new TombstoneStore().takeDue(tx, 3)),
        STORAGE_REPORTS_THAT_ARE_DUE(tx -> new StorageReportStore().due(tx, 3)),
        STORAGE_REPORT(tx -> new StorageReportStore().last(tx, KEY.organization(), PACE)),
        STORAGE_REPORT_OF_THE_REGISTRY(tx -> new StorageReportStore().last(tx, PACE)),
        STORAGE_DAYS(tx -> assertThat(new StorageDayStore().of(tx, KEY.organization(), 400))
                .isNotEmpty()),
        STORAGE_DAY_OF_NOW(tx -> new StorageDayStore().note(tx, KEY.organization())),
        STORAGE_DAYS_TO_FORGET(tx -> assertThat(new StorageDayStore().forget(tx, KEY.organization(), 20, 5))
                .isEqualTo(5)),
        STORAGE_RECLAIMED(tx -> new ReclaimedStore().of(tx, KEY.organization(), 30)),
        STORAGE_REPOSITORIES(
                tx -> new StorageWalkStore().repositories(tx, KEY.organization(), walk(0, ""), FEW),
                tx -> new StorageWalkStore().repositories(tx, KEY.organization(), walk(5000, ""), FEW)),
        STORAGE_TOMBSTONES(tx -> new StorageWalkStore().tombstones(tx, walk(0, ""), FEW), tx -> new StorageWalkStore()
                .tombstones(tx, walk(0, "blobs/80"), FEW)),
        BLOBS_OF_A_CHECK(
                tx -> new StoredObjectStore().blobsAfter(tx, Optional.empty(), 20),
                tx -> new StoredObjectStore().blobsAfter(tx, Optional.of(LargeData.BASE_LAYER), 20)),
        OBJECTS_WITHOUT_A_ROW(tx -> new StoredObjectStore().unnamed(tx, keys())),
        MULTIPARTS_WITHOUT_A_ROW(tx -> new StoredObjectStore()
                .unknown(
                        tx,
                        keys().stream()
                                .map(key -> new StoredObjectStore.Multipart(key, "id"))
                                .toList()));

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Hot(Consumer<Transaction> only) {
            this.places = List.of(only);
        }

        Hot(Consumer<Transaction> first, Consumer<Transaction> middle) {
            this.places = List.of(first, middle);
        }
    }

    /** Lists that show much of each row, by several looks into other tables. */
    enum Rich {
        TAGS_BY_NAME_WITH_WHAT_THEY_NAME(tags("name", tagPlace(0)), tags("name", tagPlace(50_000))),
        TAGS_BY_NAME_FROM_THE_END(tags("-name", tagPlace(99_999)), tags("-name", tagPlace(50_000))),
        TAGS_BY_PUSH_DATE(tags("pushed", tagPlace(0)), tags("pushed", tagPlace(50_000))),
        TAGS_BY_PUSH_DATE_FROM_THE_END(tags("-pushed", tagPlace(99_999)), tags("-pushed", tagPlace(50_000))),
        TAGS_BY_SIZE(tags("size", tagPlace(0)), tags("size", tagPlace(50_500))),
        TAGS_BY_SIZE_FROM_THE_END(tags("-size", tagPlace(999)), tags("-size", tagPlace(50_500))),
        STORAGE_BLOBS_OF_AN_ORGANIZATION(blobs(KEY.organization(), ""), blobs(KEY.organization(), "sha256:8")),
        STORAGE_BLOBS_OF_ANOTHER(blobs(OTHER, ""), blobs(OTHER, "sha256:8")),
        STORAGE_BLOBS_OF_THE_REGISTRY(
                tx -> new StorageWalkStore().blobs(tx, walk(0, ""), LEASE, FEW),
                tx -> new StorageWalkStore().blobs(tx, walk(0, "sha256:8"), LEASE, FEW)),
        STORAGE_HIDDEN_MANIFESTS(
                tx -> new StorageWalkStore().manifests(tx, KEY.organization(), walk(0, ""), FEW),
                tx -> new StorageWalkStore().manifests(tx, KEY.organization(), walk(1, "sha256:8"), FEW)),
        HISTORY_OF_A_TAG(
                tx -> new TagHistoryStore().page(tx, KEY, new Tag(LargeData.tag(7)), Optional.empty(), FEW),
                tx -> new TagHistoryStore().page(tx, KEY, new Tag(LargeData.tag(7)), Optional.of(EVENT), FEW));

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Rich(Consumer<Transaction> first, Consumer<Transaction> middle) {
            this.places = List.of(first, middle);
        }
    }

    /** Lists of referrers, with and without a filter. */
    enum Filter {
        ALL(Optional.empty()),
        RARE(Optional.of("test/signature")),
        COMMON(Optional.of("test/report")),
        NONE(Optional.of("test/absent"));

        private final Optional<String> artifactType;

        Filter(Optional<String> artifactType) {
            this.artifactType = artifactType;
        }
    }

    /** How the planner knows the parameters. */
    enum Mode {
        FORCE_CUSTOM_PLAN,
        FORCE_GENERIC_PLAN
    }

    /** What a statement did: how many pages it touched, and by which means. */
    private record Plan(long pages, Set<String> nodes, String text) {

        Plan and(Plan next) {
            Set<String> both = new HashSet<>(nodes);
            both.addAll(next.nodes);
            return new Plan(pages + next.pages, both, text + next.text);
        }
    }

    @BeforeAll
    static void fill() {
        database = LargeData.fresh();
        Sql sql = new Sql(database);
        sql.change("UPDATE event SET reference = lpad(id::text, 32, '0')::uuid WHERE id = 10007");
        // With what is there already, a million.
        sql.change("""
                INSERT INTO blob (digest, size, storage_key)
                SELECT 'sha256:' || encode(sha256(int4send(i)), 'hex'), 1000, key('more ' || i)
                FROM generate_series(1, 800000) i
                """);
        sql.change("""
                INSERT INTO repository_blob (organization_id, repository_id, digest)
                SELECT 1 + i % 100, 1 + i % 10000, 'sha256:' || encode(sha256(int4send(i)), 'hex')
                FROM generate_series(1, 800000) i
                """);
        for (int i = 1; i <= 2; i++) {
            sql.change("""
                    INSERT INTO upload (id, organization_id, repository_id, account, algorithm, storage_key, expires_at)
                    VALUES ('%s', 1, 1, 'tester', 'sha256', '%s', now() + interval '1 hour')
                    """.formatted(
                            PushStatements.session(i).id().value(),
                            PushStatements.key(i).value()));
        }
        sql.change("ANALYZE blob, repository_blob, upload");
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @ParameterizedTest
    @EnumSource
    void aHotStatementTouchesFewPagesWhereverItBegins(Hot hot) {
        demandFewPages(database, hot);
    }

    /** Bounds what a hot statement touches in a database, wherever it begins. */
    static void demandFewPages(DataSource database, Hot hot) {
        for (Mode mode : Mode.values()) {
            demandFewAndEqual(database, hot.places, mode);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenTouchesFewPages(PushStatements written) {
        for (Mode mode : Mode.values()) {
            demand(database, List.of(written.statement()), mode, MOST_PAGES_OF_WHAT_IS_WRITTEN, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageOfARichListTouchesAsManyPagesWhereverItBegins(Rich rich) {
        for (Mode mode : Mode.values()) {
            demand(database, rich.places, mode, MOST_PAGES_OF_THREE_RICH_ROWS, PAGES_OF_A_RICH_ROW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageOfReferrersTouchesFewPagesWhereverItBegins(Filter filter) {
        for (Mode mode : Mode.values()) {
            demandFewAndEqual(database, List.of(referrers(filter, "", 10), referrers(filter, "sha256:8", 10)), mode);
        }
    }

    private static Consumer<Transaction> referrers(Filter filter, String after, int size) {
        return tx -> new ReferrerStore().after(tx, NAME, LargeData.SUBJECT, filter.artifactType, after, size, 4 << 20);
    }

    private static void runs(Transaction transaction, Optional<RepositoryId> repository, Optional<UUID> before) {
        RetentionPolicyStore.Scope scope = new RetentionPolicyStore.Scope(KEY.organization(), repository);
        assertThat(new RetentionRunStore().page(transaction, KEY.organization(), scope, before, SHORT))
                .hasSize(SHORT);
    }

    private static void summaries(Transaction transaction, String within, String part, String after) {
        assertThat(new RepositorySummaryStore()
                        .page(transaction, new RepositoryName(within).organization(), wanted(within, part, after), FEW))
                .isNotEmpty();
    }

    private static RepositorySummaryStore.Wanted wanted(String within, String part, String after) {
        return new RepositorySummaryStore.Wanted(List.of(new RepositoryPrefix(within)), part, after, SHORT);
    }

    private static void decisions(Transaction transaction, RetentionDecisionStore.Which which, long after) {
        assertThat(new RetentionDecisionStore().page(transaction, KEY.organization(), run(1), which, after, SHORT))
                .hasSize(SHORT);
    }

    private static UUID run(int number) {
        byte[] md5 = md5("run " + number);
        return new UUID(ByteBuffer.wrap(md5).getLong(), ByteBuffer.wrap(md5).getLong(Long.BYTES));
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void visibleToAStranger(Transaction transaction, Digest digest) {
        String organization = "tenant0007";
        boolean visible = new LinkStore()
                .visibleTo(
                        transaction,
                        new OrganizationName(organization),
                        List.of(new RepositoryPrefix(organization)),
                        digest);
        assertThat(visible).isFalse();
    }

    private static Consumer<Transaction> tags(String order, TagListStore.Place after) {
        Sorting sorting = Sorting.parse(order).orElseThrow();
        return tx -> new TagListStore()
                .page(tx, KEY, new TagListStore.Wanted(Optional.empty(), sorting, Optional.of(after)), FEW);
    }

    private static TagListStore.Place tagPlace(int number) {
        return new TagListStore.Place(
                Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(number)),
                3000 + number % 1000,
                LargeData.tag(number));
    }

    private static Consumer<Transaction> blobs(OrganizationId organization, String after) {
        return tx -> new StorageWalkStore().blobs(tx, organization, walk(0, after), LEASE, FEW);
    }

    /** A place in a report about the registry: the first row that there is. */
    private static StorageWalk walk(long repository, String key) {
        return new StorageWalk(1, Optional.empty(), 1, StorageWalk.Stage.BLOBS, new StorageWalk.Place(repository, key));
    }

    private static List<BlobKey> keys() {
        return Stream.of(1L, 2L, 3L).map(i -> BlobKey.of(new UUID(i << 60, i))).toList();
    }

    private static void demandFewAndEqual(DataSource database, List<Consumer<Transaction>> places, Mode mode) {
        demand(database, places, mode, MOST_PAGES, FEW_PAGES);
    }

    /** Bounds what each of some questions touches, and compares them with the first one. */
    static void demand(DataSource database, List<Consumer<Transaction>> places, Mode mode, long most, long difference) {
        List<Plan> plans =
                places.stream().map(place -> plan(database, place, mode)).toList();
        for (Plan plan : plans) {
            assertThat(plan.nodes()).as(plan.text()).doesNotContain("Seq Scan");
            assertThat(plan.pages()).as(plan.text()).isBetween(1L, most);
            assertThat(plan.pages())
                    .as("the same wherever it begins: %s", plan.text())
                    .isCloseTo(plans.getFirst().pages(), Offset.offset(difference));
        }
    }

    private static Plan plan(DataSource database, Consumer<Transaction> question, Mode mode) {
        CaughtStatements caught = new CaughtStatements();
        // What it changes does not stay, so that it finds the same whenever it is asked.
        try (Connection connection = caught.on(database).getConnection()) {
            connection.setAutoCommit(false);
            question.accept(new Transaction(connection));
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return new Sql(database).with(connection -> {
            Plan all = new Plan(0, Set.of(), "");
            for (Caught statement : caught.all()) {
                all = all.and(explain(connection, statement, mode));
            }
            return all;
        });
    }

    private static Plan explain(Connection connection, Caught statement, Mode mode) throws SQLException {
        connection.setAutoCommit(false);
        Sql.change(connection, "SET LOCAL plan_cache_mode = " + mode.name().toLowerCase(Locale.ROOT));
        Sql.change(connection, "PREPARE hot AS " + statement.numbered());
        String execute = "EXECUTE hot(" + String.join(", ", statement.literals()) + ")";
        String text = "";
        // Twice: the first reads pages of the catalog and of indexes that a running server has seen before.
        for (int i = 0; i < 2; i++) {
            Sql.change(connection, "SAVEPOINT before");
            text = Sql.rows(connection, "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + execute)
                    .getFirst();
            Sql.change(connection, "ROLLBACK TO before");
        }
        Sql.change(connection, "DEALLOCATE hot");
        connection.rollback();
        return read(text);
    }

    private static Plan read(String text) {
        try {
            JsonNode root = new ObjectMapper().readTree(text).get(0).get("Plan");
            List<String> nodes = root.findValuesAsText("Node Type");
            return new Plan(
                    root.get("Shared Hit Blocks").asLong()
                            + root.get("Shared Read Blocks").asLong(),
                    Set.copyOf(nodes),
                    text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
