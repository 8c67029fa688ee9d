package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.metadata.RepositoryStore.Look;
import dev.moorage.metadata.RepositoryStore.Looked;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked for, a token gives what its owner holds and nothing else. */
class GrantedIsHeldPropertyTest {

    @Property(tries = 500)
    void whatIsGrantedIsHeldAndWasAsked(@ForAll("standings") Standing standing, @ForAll("scopes") List<String> scopes) {
        AskedScopes asked = AskedScopes.parse(scopes);

        TokenContent content = Granting.content(standing, asked, looked(asked));

        assertThat(content.entries())
                .allSatisfy(entry -> assertThat(entry.actions()).isNotEmpty().allSatisfy(action -> {
                    for (RepositoryName name : entry.name().map(List::of).orElse(ALL)) {
                        assertThat(Decision.of(standing, name, visibility(name), action))
                                .isInstanceOf(Decision.Granted.class);
                    }
                    assertThat(entry.name()
                                    .map(name -> asked.repositories().get(name))
                                    .orElse(asked.everywhere()))
                            .contains(action);
                }));
    }

    @Property(tries = 500)
    void whatIsAskedAndHeldIsGranted(@ForAll("standings") Standing standing, @ForAll("names") String name) {
        AskedScopes asked = AskedScopes.parse(List.of("repository:" + name + ":*"));
        RepositoryName repository = new RepositoryName(name);
        EnumSet<Action> held = EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE);
        held.removeIf(
                action -> Decision.of(standing, repository, visibility(repository), action) instanceof Decision.Denied);

        TokenContent content = Granting.content(standing, asked, looked(asked));

        assertThat(content.entries().stream().flatMap(entry -> entry.actions().stream()))
                .containsExactlyInAnyOrderElementsOf(held);
    }

    @Property(tries = 500)
    void noTextMakesTheParserFail(@ForAll List<String> scopes) {
        try {
            AskedScopes asked = AskedScopes.parse(scopes);
            assertThat(asked.repositories())
                    .allSatisfy((_, actions) -> assertThat(actions).isNotEmpty());
        } catch (Unsupported tooMuch) {
            assertThat(tooMuch.status()).isEqualTo(400);
        }
    }

    @Property
    void whatATokenSaysIsReadBackAsItWas(
            @ForAll("standings") Standing standing, @ForAll("scopes") List<String> scopes) {
        AskedScopes asked = AskedScopes.parse(scopes);
        TokenContent content = Granting.content(standing, asked, looked(asked));

        assertThat(TokenClaims.read(
                        standing.principal().name(), TokenClaims.access(content), TokenClaims.own(content), 17))
                .isEqualTo(content);
    }

    private static final List<RepositoryName> ALL =
            List.of(new RepositoryName("acme"), new RepositoryName("acme/web"), new RepositoryName("other/web"));

    private static Optional<Visibility> visibility(RepositoryName name) {
        return switch (name.value().hashCode() % 3) {
            case 0 -> Optional.empty();
            case 1, -1 -> Optional.of(Visibility.PUBLIC);
            default -> Optional.of(Visibility.PRIVATE);
        };
    }

    private static Looked looked(AskedScopes asked) {
        return new Looked(
                17,
                asked.repositories().keySet().stream()
                        .map(name -> new Look(
                                name,
                                Optional.of(new OrganizationId(3)),
                                visibility(name)
                                        .map(_ -> new RepositoryKey(new OrganizationId(3), new RepositoryId(4))),
                                visibility(name)))
                        .toList());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("acme", "acme/web", "acme/web/api", "acme/website", "other", "other/web", "x/y");
    }

    @Provide
    Arbitrary<List<String>> scopes() {
        Arbitrary<String> name =
                Arbitraries.oneOf(names(), Arbitraries.of("*", "", "catalog", "Acme", "acme//web", ".."));
        Arbitrary<String> type = Arbitraries.of("repository", "registry", "repository(plugin)", "", "REPOSITORY");
        Arbitrary<String> actions = Arbitraries.of(
                "pull",
                "push",
                "delete",
                "*",
                "pull,push",
                "pull,push,delete",
                "administer",
                "",
                ",",
                "pull,*",
                "PULL");
        Arbitrary<String> item = Combinators.combine(type, name, actions).as((a, b, c) -> a + ':' + b + ':' + c);
        return item.list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<Standing> standings() {
        Arbitrary<Principal> principal = Arbitraries.of(
                new Principal.Anonymous(),
                new Principal.Account(new AccountId(1), "anna", 4, false),
                new Principal.Account(new AccountId(2), "root", 0, true));
        Arbitrary<RepositoryPrefix> prefix =
                Arbitraries.of("acme", "acme/web", "other", "x/y").map(RepositoryPrefix::new);
        Arbitrary<Limit> limit = Combinators.combine(
                        Arbitraries.oneOf(prefix, Arbitraries.just(RepositoryPrefix.ALL)),
                        Arbitraries.of(Action.class).set())
                .as(Limit::new);
        Arbitrary<Holding> holding = Combinators.combine(prefix, Arbitraries.of(Role.class))
                .as((where, role) -> new Holding(where, role, 0));
        return Combinators.combine(
                        principal,
                        Arbitraries.oneOf(limit, Arbitraries.just(Limit.NONE)),
                        holding.list().ofMaxSize(3))
                .as(GrantedIsHeldPropertyTest::standing);
    }

    private static Standing standing(Principal principal, Limit limit, List<Holding> holdings) {
        return new Standing(principal, limit, principal instanceof Principal.Anonymous ? List.of() : holdings);
    }
}
