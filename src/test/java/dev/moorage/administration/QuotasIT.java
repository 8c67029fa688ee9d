package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Action;
import dev.moorage.access.Limit;
import dev.moorage.access.Principal;
import dev.moorage.access.Standing;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.ImmutabilityRules.Addition;
import dev.moorage.administration.ImmutabilityRules.Rule;
import dev.moorage.administration.Quotas.OrganizationUsage;
import dev.moorage.administration.Quotas.RepositoryUsage;
import dev.moorage.administration.Quotas.SharedUsage;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.name.AccountId;
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
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may read what is used and set what may be, and that it is what it says. */
class QuotasIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final OrganizationName ABSENT = new OrganizationName("absent");
    private static final RepositoryName WEB = new RepositoryName("acme/web");
    private static final TagPattern PATTERN = new TagPattern("v*");
    private static final Standing ADMINISTRATOR = TestAdministration.administrator();

    private final ImageFactory factory = ImageFactory.seeded(53);

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private Quotas quotas;
    private ImmutabilityRules rules;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        quotas = TestAdministration.quotas(registry);
        rules = TestAdministration.rules(registry);
        registry.begin(WEB.value());
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
        quotas.set(ADMINISTRATOR, ACME, new Quota(Optional.of(5_000_000_000L), Optional.of(7)));

        assertThat(quotas.organization(ADMINISTRATOR, ACME))
                .isEqualTo(new OrganizationUsage(
                        new Amount(2, 1002), manifests, 2, new Quota(Optional.of(5_000_000_000L), Optional.of(7))));
        RepositoryUsage api =
                new RepositoryUsage(new RepositoryName("acme/api"), new Amount(1, 1000), new Amount(0, 0));
        RepositoryUsage web = new RepositoryUsage(WEB, new Amount(2, 1002), manifests);
        assertThat(quotas.repositories(ADMINISTRATOR, ACME, "", 10).items()).containsExactly(api, web);
        assertThat(quotas.repositories(ADMINISTRATOR, ACME, "", 1).items()).containsExactly(api);
        assertThat(quotas.repositories(ADMINISTRATOR, ACME, "", 1).more()).isTrue();
        assertThat(quotas.repositories(ADMINISTRATOR, ACME, "acme/api", 1).items())
                .containsExactly(web);
        assertThat(quotas.repository(ADMINISTRATOR, WEB)).isEqualTo(new SharedUsage(web, new Amount(1, 1000)));

        quotas.set(ADMINISTRATOR, ACME, Quota.NONE);
        assertThat(quotas.organization(ADMINISTRATOR, ACME).quota()).isEqualTo(Quota.NONE);
    }

    @Test
    void rulesAreListedAddedOnceAndLifted() {
        Rule whole = added(rules.add(ADMINISTRATOR, ACME, PATTERN));
        Rule one = added(rules.add(ADMINISTRATOR, WEB, PATTERN));
        assertThat(rules.add(ADMINISTRATOR, WEB, PATTERN)).isInstanceOf(Addition.Present.class);
        registry.begin("acme/api");
        rules.add(ADMINISTRATOR, new RepositoryName("acme/api"), PATTERN);

        assertThat(rules.list(ADMINISTRATOR, ACME, 0, 2).items()).containsExactly(whole, one);
        assertThat(rules.list(ADMINISTRATOR, ACME, 0, 2).more()).isTrue();
        assertThat(rules.list(ADMINISTRATOR, ACME, one.id(), 2).items()).hasSize(1);
        assertThat(rules.list(ADMINISTRATOR, WEB)).containsExactly(whole, one);
        assertThat(rules.remove(ADMINISTRATOR, WEB, whole.id())).isFalse();
        assertThat(rules.remove(ADMINISTRATOR, WEB, one.id())).isTrue();
        assertThat(rules.remove(ADMINISTRATOR, WEB, one.id())).isFalse();
        assertThat(rules.list(ADMINISTRATOR, WEB)).containsExactly(whole);
    }

    @Test
    void ruleOfAnotherOrganizationIsNotThere() {
        registry.begin("other/web");
        Rule theirs = added(rules.add(ADMINISTRATOR, new OrganizationName("other"), PATTERN));

        assertThat(rules.remove(TestAdministration.with(Role.OWNER, "acme"), ACME, theirs.id()))
                .isFalse();
        assertThat(registry.sql().number("SELECT count(*) FROM immutability_rule"))
                .isOne();
    }

    @Test
    void thereAreAsManyRulesAsThereMayBe() {
        IntStream.range(0, ImmutabilityRules.MOST).forEach(i -> rules.add(ADMINISTRATOR, WEB, new TagPattern("v" + i)));

        assertThatThrownBy(() -> rules.add(ADMINISTRATOR, WEB, PATTERN)).isInstanceOf(Denied.class);
        assertThat(rules.add(ADMINISTRATOR, ACME, PATTERN)).isInstanceOf(Addition.Added.class);
    }

    /** Everything that can be asked for, and the least role that may, on the organization or on the repository. */
    enum Request {
        ORGANIZATION_USAGE(Role.READER, Role.READER, test -> test.quotas.organization(test.who, test.organization)),
        REPOSITORIES_USAGE(
                Role.READER, Role.READER, test -> test.quotas.repositories(test.who, test.organization, "", 5)),
        REPOSITORY_USAGE(Role.READER, Role.READER, test -> test.quotas.repository(test.who, test.repository())),
        LIST(Role.READER, Role.READER, test -> test.rules.list(test.who, test.organization, 0, 5)),
        LIST_OF_REPOSITORY(Role.READER, Role.READER, test -> test.rules.list(test.who, test.repository())),
        ADD(Role.OWNER, Role.READER, test -> test.rules.add(test.who, test.organization, PATTERN)),
        ADD_TO_REPOSITORY(Role.OWNER, Role.READER, test -> test.rules.add(test.who, test.repository(), PATTERN)),
        REMOVE(Role.OWNER, Role.READER, test -> test.rules.remove(test.who, test.organization, 1)),
        REMOVE_FROM_REPOSITORY(Role.OWNER, Role.READER, test -> test.rules.remove(test.who, test.repository(), 1));

        private final Role least;
        private final Role told;

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final Consumer<QuotasIT> call;

        Request(Role least, Role told, Consumer<QuotasIT> call) {
            this.least = least;
            this.told = told;
            this.call = call;
        }
    }

    private Standing who = ADMINISTRATOR;
    private OrganizationName organization = ACME;

    private RepositoryName repository() {
        return new RepositoryName(organization + "/web");
    }

    @ParameterizedTest
    @EnumSource
    void requestIsForItsRoleAndTheOthersLearnNothing(Request request) {
        for (Role role : Role.values()) {
            who = TestAdministration.with(role, "acme");
            organization = ACME;
            if (role.compareTo(request.least) >= 0) {
                request.call.accept(this);
            } else {
                assertThat(role).isGreaterThanOrEqualTo(request.told);
                assertThatThrownBy(() -> request.call.accept(this)).isInstanceOf(Denied.class);
            }
        }
        who = TestAdministration.with(Role.OWNER, "other");
        List<String> forbidden = refusal(request, ACME);
        List<String> absent = refusal(request, ABSENT);
        assertThat(forbidden).as("not one statement").hasSize(1);
        assertThat(forbidden.getFirst()).isEqualTo(absent.getFirst().replace("absent", "acme"));
        who = ADMINISTRATOR;
        organization = ACME;
        request.call.accept(this);
        organization = ABSENT;
        assertThatThrownBy(() -> request.call.accept(this)).isInstanceOf(NameUnknown.class);
    }

    @Test
    void ownersDoNotSetTheirOwnQuota() {
        assertThatThrownBy(() -> quotas.set(TestAdministration.with(Role.OWNER, "acme"), ACME, Quota.NONE))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> quotas.set(TestAdministration.with(Role.OWNER, "other"), ACME, Quota.NONE))
                .isInstanceOf(NameUnknown.class);
        Standing pullsOnly = new Standing(
                new Principal.Account(new AccountId(1), "root", 0, true),
                new Limit(RepositoryPrefix.ALL, Set.of(Action.PULL)),
                List.of());
        assertThatThrownBy(() -> quotas.set(pullsOnly, ACME, Quota.NONE)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> quotas.set(ADMINISTRATOR, ABSENT, Quota.NONE)).isInstanceOf(NameUnknown.class);
    }

    private List<String> refusal(Request request, OrganizationName of) {
        organization = of;
        List<String> seen = new ArrayList<>();
        registry.database().onCommitted(work -> seen.addAll(work.statements()));
        try {
            request.call.accept(this);
        } catch (RegistryException e) {
            seen.add(e.status() + " " + e.code() + " " + e.detail());
        }
        return seen;
    }

    private static Rule added(Addition addition) {
        return switch (addition) {
            case Addition.Added(Rule rule) -> rule;
            case Addition.Present _ -> throw new AssertionError("the rule is there already");
        };
    }
}
