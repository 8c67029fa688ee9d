package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.AccountId;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

    private static final Principal ANNA = new Principal.Account(new AccountId(1), "anna", 0, false);
    private static final Principal ROOT = new Principal.Account(new AccountId(2), "root", 0, true);

    @ParameterizedTest
    @CsvSource({
        "READER, PULL, true",
        "READER, PUSH, false",
        "READER, DELETE, false",
        "READER, ADMINISTER, false",
        "WRITER, PULL, true",
        "WRITER, PUSH, true",
        "WRITER, DELETE, false",
        "WRITER, ADMINISTER, false",
        "MAINTAINER, PULL, true",
        "MAINTAINER, PUSH, true",
        "MAINTAINER, DELETE, true",
        "MAINTAINER, ADMINISTER, false",
        "OWNER, PULL, true",
        "OWNER, PUSH, true",
        "OWNER, DELETE, true",
        "OWNER, ADMINISTER, true"
    })
    void roleGivesItsActionsAndNoOthers(Role role, Action action, boolean granted) {
        Standing standing = holding(ANNA, "acme", role);

        assertThat(granted(standing, "acme/web", Visibility.PRIVATE, action)).isEqualTo(granted);
        assertThat(Action.of(role).contains(action)).isEqualTo(granted);
    }

    @ParameterizedTest
    @CsvSource({
        "acme, acme, true",
        "acme, acme/web, true",
        "acme, acme/web/api, true",
        "acme, acmes, false",
        "acme, acmes/web, false",
        "acme/web, acme/web, true",
        "acme/web, acme/web/api, true",
        "acme/web, acme/website, false",
        "acme/web, acme, false",
        "acme/web, other/acme/web, false"
    })
    void prefixCoversWholeComponents(String prefix, String repository, boolean covered) {
        assertThat(granted(holding(ANNA, prefix, Role.READER), repository, Visibility.PRIVATE, Action.PULL))
                .isEqualTo(covered);
    }

    @Test
    void publicRepositoryIsPulledByEverybodyAndPushedByNobodyElse() {
        assertThat(granted(Standing.anonymous(), "acme/web", Visibility.PUBLIC, Action.PULL))
                .isTrue();
        assertThat(granted(Standing.anonymous(), "acme/web", Visibility.PUBLIC, Action.PUSH))
                .isFalse();
        assertThat(granted(Standing.anonymous(), "acme/web", Visibility.PRIVATE, Action.PULL))
                .isFalse();
    }

    @Test
    void absentRepositoryIsAsClosedAsAPrivateOne() {
        assertThat(Decision.of(Standing.anonymous(), new RepositoryName("acme/web"), Optional.empty(), Action.PULL))
                .isEqualTo(Decision.of(
                        Standing.anonymous(),
                        new RepositoryName("acme/web"),
                        Optional.of(Visibility.PRIVATE),
                        Action.PULL));
    }

    @Test
    void administratorMayDoEverything() {
        Standing standing = new Standing(ROOT, Limit.NONE, List.of());

        assertThat(EnumSet.allOf(Action.class))
                .allMatch(action -> granted(standing, "acme/web", Visibility.PRIVATE, action));
    }

    @Test
    void tokenWithALimitNeverReachesBeyondItWhoeverItsOwnerIs() {
        Limit limit = new Limit(new RepositoryPrefix("acme/web"), Set.of(Action.PULL));
        Standing standing = new Standing(ROOT, limit, List.of());

        assertThat(granted(standing, "acme/web", Visibility.PRIVATE, Action.PULL))
                .isTrue();
        assertThat(granted(standing, "acme/web", Visibility.PRIVATE, Action.PUSH))
                .isFalse();
        assertThat(granted(standing, "acme/other", Visibility.PUBLIC, Action.PULL))
                .isFalse();
    }

    private static Standing holding(Principal principal, String prefix, Role role) {
        return new Standing(principal, Limit.NONE, List.of(new Holding(new RepositoryPrefix(prefix), role, 0)));
    }

    private static boolean granted(Standing standing, String repository, Visibility visibility, Action action) {
        return Decision.of(standing, new RepositoryName(repository), Optional.of(visibility), action)
                instanceof Decision.Granted;
    }
}
