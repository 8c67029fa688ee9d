package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.Listing.Asked;
import dev.moorage.administration.Quotas.OrganizationUsage;
import dev.moorage.administration.Quotas.RepositoryUsage;
import dev.moorage.administration.Quotas.SharedUsage;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Amount;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.CaughtStatements;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may read what is used and set what may be, and that it is what it says. */
class QuotasIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final OrganizationName OTHER = new OrganizationName("other");
    private static final OrganizationName ABSENT = new OrganizationName("absent");
    private static final RepositoryName WEB = new RepositoryName("acme/web");
    private static final TagPattern PATTERN = new TagPattern("v*");
    private static final Grant EVERYBODY = TestAdministration.everybody();

    private final ImageFactory factory = ImageFactory.seeded(53);
    private final CaughtStatements statements = new CaughtStatements();

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private Quotas quotas;
    private ImmutabilityRules rules;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        Transactions transactions = new Transactions(statements.on(registry.plain()));
        quotas = TestAdministration.quotas(transactions);
        rules = TestAdministration.rules(transactions);
        registry.begin(WEB.value());
        registry.begin("other/web");
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void usageIsWhatIsKeptAndWhatIsSharedIsTold() {
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        Digest shared = registry.pushBlob("acme/web", factory.bytes(1000));
        registry.pushBlob("acme/web", config.bytes());
        registry.mounts().mount(TestGrants.to("acme/api"), shared, Optional.of(TestGrants.to("acme/web")));
        registry.pushBlob("acme-two/web", factory.bytes(5000));
        Content manifest = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(), Map.of())
                .manifest();
        registry.pushManifest("acme/web", new Tag("v1"), manifest);
        Amount manifests = new Amount(1, manifest.bytes().length);
        Quota quota = new Quota(Optional.of(5_000_000_000L), Optional.of(7));
        OrganizationUsage used =
                new OrganizationUsage(quota, 1002 + manifests.bytes(), new Amount(2, 1002), manifests, 2);

        assertThat(quotas.set(EVERYBODY, ACME, quota)).isEqualTo(used);
        assertThat(quotas.organization(EVERYBODY, ACME)).isEqualTo(used);
        RepositoryUsage api = new RepositoryUsage("acme/api", new Amount(1, 1000), new Amount(0, 0));
        RepositoryUsage web = new RepositoryUsage("acme/web", new Amount(2, 1002), manifests);
        assertThat(quotas.repositories(EVERYBODY, ACME, new Asked("", 10)))
                .isEqualTo(new Listing<>(List.of(api, web), Optional.empty()));
        assertThat(quotas.repositories(EVERYBODY, ACME, new Asked("", 1)))
                .isEqualTo(new Listing<>(List.of(api), Optional.of("acme/api")));
        assertThat(quotas.repositories(EVERYBODY, ACME, new Asked("acme/api", 1)))
                .isEqualTo(new Listing<>(List.of(web), Optional.empty()));
        assertThat(quotas.repository(EVERYBODY, WEB))
                .isEqualTo(new SharedUsage("acme/web", new Amount(2, 1002), manifests, new Amount(1, 1000)));

        assertThat(quotas.set(EVERYBODY, ACME, Quota.NONE).quota()).isEqualTo(Quota.NONE);
        assertThat(quotas.organization(EVERYBODY, ACME).quota()).isEqualTo(Quota.NONE);
    }

    @Test
    void rulesAreListedAddedOnceAndLifted() {
        ImmutabilityRule whole = rules.add(EVERYBODY, ACME, PATTERN);
        ImmutabilityRule one = rules.add(EVERYBODY, WEB, PATTERN);
        assertThatThrownBy(() -> rules.add(EVERYBODY, WEB, PATTERN)).isInstanceOf(Conflict.class);
        registry.begin("acme/api");
        ImmutabilityRule other = rules.add(EVERYBODY, new RepositoryName("acme/api"), PATTERN);
        List<ImmutabilityRule> all = byId(whole, one, other);
        List<ImmutabilityRule> ofWeb = byId(whole, one);

        String next = Long.toString(all.get(1).id());
        assertThat(rules.list(EVERYBODY, ACME, new Asked("", 2)))
                .isEqualTo(new Listing<>(all.subList(0, 2), Optional.of(next)));
        assertThat(rules.list(EVERYBODY, ACME, new Asked(next, 2)).items()).containsExactly(all.getLast());
        assertThat(rules.list(EVERYBODY, WEB, new Asked("", 2))).isEqualTo(new Listing<>(ofWeb, Optional.empty()));
        assertThat(rules.list(
                        EVERYBODY, WEB, new Asked(Long.toString(ofWeb.getFirst().id()), 1)))
                .isEqualTo(new Listing<>(ofWeb.subList(1, 2), Optional.empty()));
        assertThatThrownBy(() -> rules.remove(EVERYBODY, WEB, whole.id())).isInstanceOf(NotFound.class);
        rules.remove(EVERYBODY, WEB, one.id());
        assertThatThrownBy(() -> rules.remove(EVERYBODY, WEB, one.id())).isInstanceOf(NotFound.class);
        assertThat(rules.list(EVERYBODY, WEB, new Asked("", 9)).items()).containsExactly(whole);
    }

    private static List<ImmutabilityRule> byId(ImmutabilityRule... rules) {
        return Stream.of(rules)
                .sorted(Comparator.comparingLong(ImmutabilityRule::id))
                .toList();
    }

    @Test
    void ruleOfAnotherOrganizationIsNotThere() {
        ImmutabilityRule theirs = rules.add(EVERYBODY, OTHER, PATTERN);
        Grant owner = with(Role.OWNER, ACME);

        assertThatThrownBy(() -> rules.remove(owner, ACME, theirs.id())).isInstanceOf(NotFound.class);
        assertThat(registry.sql().number("SELECT count(*) FROM immutability_rule"))
                .isOne();
    }

    @Test
    void thereAreAsManyRulesAsThereMayBe() {
        IntStream.range(0, ImmutabilityRules.MOST).forEach(i -> rules.add(EVERYBODY, WEB, new TagPattern("v" + i)));

        assertThatThrownBy(() -> rules.add(EVERYBODY, WEB, PATTERN)).isInstanceOf(Conflict.class);
        assertThat(rules.add(EVERYBODY, ACME, PATTERN).repository()).isEmpty();
    }

    /** Everything that can be asked for, and the least role that may, on the organization or on the repository. */
    enum Request {
        ORGANIZATION_USAGE(Role.READER, test -> test.quotas.organization(test.who, test.organization)),
        REPOSITORIES_USAGE(Role.READER, test -> test.quotas.repositories(test.who, test.organization, PAGE)),
        REPOSITORY_USAGE(Role.READER, test -> test.quotas.repository(test.who, test.repository())),
        LIST(Role.READER, test -> test.rules.list(test.who, test.organization, PAGE)),
        LIST_OF_REPOSITORY(Role.READER, test -> test.rules.list(test.who, test.repository(), PAGE)),
        ADD(Role.OWNER, test -> test.rules.add(test.who, test.organization, test.pattern())),
        ADD_TO_REPOSITORY(Role.OWNER, test -> test.rules.add(test.who, test.repository(), test.pattern())),
        REMOVE(Role.OWNER, test -> test.rules.remove(test.who, test.organization, test.rule())),
        REMOVE_FROM_REPOSITORY(Role.OWNER, test -> test.rules.remove(test.who, test.repository(), test.rule()));

        private final Role least;

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final Consumer<QuotasIT> call;

        Request(Role least, Consumer<QuotasIT> call) {
            this.least = least;
            this.call = call;
        }
    }

    private static final Asked PAGE = new Asked("", 5);

    private Grant who = EVERYBODY;
    private OrganizationName organization = ACME;
    private int patterns;

    private RepositoryName repository() {
        return new RepositoryName(organization + "/web");
    }

    private TagPattern pattern() {
        return new TagPattern("p" + patterns++);
    }

    /** One of acme's about its repository web. */
    private long rule() {
        return registry.sql().number("""
                INSERT INTO immutability_rule (organization_id, repository_id, tag_pattern)
                SELECT organization_id, id, ? FROM repository WHERE name = 'acme/web'
                RETURNING id
                """, pattern().value());
    }

    private Grant with(Role role, OrganizationName where) {
        return TestAdministration.with(registry.sql(), role, where, "");
    }

    @ParameterizedTest
    @EnumSource
    void requestIsForItsRoleAndTheOthersLearnNothing(Request request) {
        for (Role role : Role.values()) {
            who = with(role, ACME);
            organization = ACME;
            if (role.compareTo(request.least) >= 0) {
                request.call.accept(this);
            } else {
                assertThatThrownBy(() -> request.call.accept(this)).isInstanceOf(Forbidden.class);
            }
        }
        who = with(Role.OWNER, OTHER);
        List<String> forbidden = refusal(request, ACME);
        List<String> absent = refusal(request, ABSENT);
        assertThat(forbidden)
                .as("the same statements, and the same words")
                .hasSizeGreaterThan(1)
                .isEqualTo(absent);
        assertThat(forbidden.getLast()).startsWith("NOT_FOUND");
        who = TestAdministration.administrator(registry.sql(), Limit.NONE);
        organization = ACME;
        request.call.accept(this);
    }

    @Test
    void ownersOfAPartSeeNothingOfTheWhole() {
        Grant part = TestAdministration.with(registry.sql(), Role.OWNER, ACME, "web");

        assertThatThrownBy(() -> quotas.organization(part, ACME)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> quotas.repositories(part, ACME, PAGE)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> quotas.repository(part, WEB)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> rules.list(part, ACME, PAGE)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> rules.add(part, ACME, PATTERN)).isInstanceOf(Forbidden.class);
        ImmutabilityRule own = rules.add(part, WEB, PATTERN);
        assertThat(rules.list(part, WEB, PAGE).items()).containsExactly(own);
        rules.remove(part, WEB, own.id());
    }

    @Test
    void whoMayOnlyPullBecauseARepositoryIsPublicDoesNotSeeItsRules() {
        registry.sql().change("UPDATE repository SET visibility = 'public' WHERE name = 'acme/web'");
        Grant stranger = with(Role.OWNER, OTHER);

        assertThatThrownBy(() -> rules.list(stranger, WEB, PAGE)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> rules.add(stranger, WEB, PATTERN)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> quotas.repository(stranger, WEB)).isInstanceOf(Forbidden.class);
    }

    @Test
    void ownersDoNotSetTheirOwnQuota() {
        Grant owner = with(Role.OWNER, ACME);
        Grant stranger = with(Role.OWNER, OTHER);
        assertThatThrownBy(() -> quotas.set(owner, ACME, Quota.NONE)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> quotas.set(stranger, ACME, Quota.NONE)).isInstanceOf(NotFound.class);
        Grant pullsOnly =
                TestAdministration.administrator(registry.sql(), new Limit(RepositoryPrefix.ALL, Set.of(Action.PULL)));
        assertThatThrownBy(() -> quotas.set(pullsOnly, ACME, Quota.NONE)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> quotas.set(EVERYBODY, ABSENT, Quota.NONE)).isInstanceOf(NotFound.class);
    }

    private List<String> refusal(Request request, OrganizationName of) {
        organization = of;
        int before = statements.all().size();
        AdministrationException refusal =
                catchThrowableOfType(AdministrationException.class, () -> request.call.accept(this));
        List<String> seen = new ArrayList<>(statements.all().stream()
                .skip(before)
                .map(CaughtStatements.Caught::sql)
                .toList());
        seen.add(refusal.kind() + " " + refusal.getMessage().replace(of.value(), "it") + refusal.more());
        return seen;
    }
}
