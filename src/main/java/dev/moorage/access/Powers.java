package dev.moorage.access;

import dev.moorage.access.Decision.Denied;
import dev.moorage.access.Decision.Granted;
import dev.moorage.access.Decision.Ground;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one caller may do at one moment, each answer by {@link Decision}.
 *
 * <p>An organization is asked about by the name of its root repository, which only what covers all of it covers.
 */
public final class Powers {

    private final Grant grant;
    // Empty in open mode, and for the registry itself.
    private final Optional<Standing> standing;

    Powers(Grant grant, Optional<Standing> standing) {
        this.grant = grant;
        this.standing = standing;
    }

    /** Whose they are. */
    Grant grant() {
        return grant;
    }

    /** Whether and why the caller may do something to a repository, or to what lies below its name. */
    public Decision over(RepositoryName repository, Optional<Visibility> visibility, Action action) {
        return standing.map(held -> Decision.of(held, repository, visibility, action))
                .orElseGet(Powers::everything);
    }

    /** Whether and why the caller may do something to a whole organization. */
    public Decision over(OrganizationName organization, Action action) {
        return over(new RepositoryName(organization.value()), Optional.empty(), action);
    }

    /** Whether and why the caller may do something to accounts, and to the organizations themselves. */
    public Decision everywhere(Action action) {
        return standing.map(held -> Decision.everywhere(held, action)).orElseGet(Powers::everything);
    }

    /** Whether the caller may know that an organization is there: he holds a role in it that his credential reaches. */
    public boolean sees(OrganizationName organization) {
        RepositoryPrefix whole = new RepositoryPrefix(organization.value());
        return standing.map(held -> {
                    RepositoryPrefix limit = held.limit().prefix();
                    boolean reached = limit.covers(whole) || whole.covers(limit);
                    return reached
                            && (isAdministrator(held.principal())
                                    || held.holdings().stream().anyMatch(holding -> whole.covers(holding.prefix())));
                })
                .orElse(true);
    }

    /** Whether the caller sees every organization. */
    public boolean seesAll() {
        return standing.map(held -> isAdministrator(held.principal())
                        && held.limit().prefix().equals(RepositoryPrefix.ALL))
                .orElse(true);
    }

    /** The organizations that the caller sees, where he does not see all. */
    public List<OrganizationName> organizations() {
        return standing.stream()
                .flatMap(held -> Stream.concat(
                        held.holdings().stream().map(Holding::prefix),
                        isAdministrator(held.principal())
                                ? Stream.of(held.limit().prefix())
                                : Stream.empty()))
                .filter(prefix -> !prefix.equals(RepositoryPrefix.ALL))
                .map(prefix -> new RepositoryName(prefix.value()).organization())
                .distinct()
                .filter(this::sees)
                .toList();
    }

    /** The parts of an organization, as names of repositories, of which the caller decides who may what. */
    public List<RepositoryName> administered(OrganizationName organization) {
        RepositoryName whole = new RepositoryName(organization.value());
        RepositoryPrefix prefix = new RepositoryPrefix(organization.value());
        Stream<RepositoryName> held = standing.stream()
                .flatMap(one -> Stream.concat(
                        one.holdings().stream().map(Holding::prefix),
                        Stream.of(one.limit().prefix())))
                .filter(part -> !part.equals(RepositoryPrefix.ALL) && prefix.covers(part))
                .map(part -> new RepositoryName(part.value()));
        return Stream.concat(Stream.of(whole), held)
                .distinct()
                .filter(part -> over(part, Optional.empty(), Action.ADMINISTER) instanceof Granted)
                .toList();
    }

    /** Whether the caller's credential reaches at least as far as a limit does. */
    public boolean contains(Limit other) {
        return standing.map(held -> held.limit().prefix().covers(other.prefix())
                        && held.limit().actions().containsAll(other.actions()))
                .orElse(true);
    }

    /** What the caller holds, as far as his credential reaches: no part beyond it, and no role that may more. */
    public List<Holding> holdings() {
        return standing.map(held -> held.holdings().stream()
                        .flatMap(holding -> within(held.limit(), holding).stream())
                        .distinct()
                        .toList())
                .orElse(List.of());
    }

    private static Optional<Holding> within(Limit limit, Holding holding) {
        Optional<RepositoryPrefix> prefix = limit.prefix().covers(holding.prefix())
                ? Optional.of(holding.prefix())
                : Optional.of(limit.prefix()).filter(holding.prefix()::covers);
        Optional<Role> role = Stream.of(Role.values())
                .filter(one -> one.compareTo(holding.role()) <= 0)
                .filter(one -> limit.actions().containsAll(Action.of(one)))
                .max(Comparator.naturalOrder());
        return prefix.flatMap(part -> role.map(least -> new Holding(part, least, holding.epoch())));
    }

    /** The reason of a decision that is against the caller; empty where it is for him. */
    public static Optional<String> refusal(Decision decision) {
        return switch (decision) {
            case Granted _ -> Optional.empty();
            case Denied denied -> Optional.of(denied.because());
        };
    }

    private static boolean isAdministrator(Principal principal) {
        return principal instanceof Principal.Account account && account.administrator();
    }

    private static Decision everything() {
        return new Granted(Ground.PRINCIPAL, "everybody may do everything");
    }
}
