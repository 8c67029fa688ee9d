package dev.moorage.access;

import dev.moorage.access.Decision.Denied;
import dev.moorage.access.Decision.Granted;
import dev.moorage.access.Decision.Ground;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RepositoryStore.Look;
import dev.moorage.metadata.RepositoryStore.Looked;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives somebody what he asks for and holds, and nothing else.
 *
 * <p>The same statements are run whatever there is: two, and for nobody one.
 */
@ApplicationScoped
class Granting {

    private final Transactions transactions;
    private final Standings standings;
    private final RepositoryStore repositories;

    Granting(Transactions transactions, Standings standings, RepositoryStore repositories) {
        this.transactions = transactions;
        this.standings = standings;
        this.repositories = repositories;
    }

    /** What is asked and held. */
    TokenContent grant(Principal principal, Limit limit, AskedScopes asked) {
        return transactions.read(tx -> {
            Set<RepositoryName> names = asked.repositories().keySet();
            Standing standing = standings.of(
                    tx,
                    principal,
                    limit,
                    names.stream().map(RepositoryName::organization).toList());
            return content(standing, asked, repositories.look(tx, names));
        });
    }

    static TokenContent content(Standing standing, AskedScopes asked, Looked looked) {
        List<TokenEntry> entries = new ArrayList<>();
        everywhere(standing, asked).ifPresent(entries::add);
        for (Look look : looked.names()) {
            entry(standing, look, asked.repositories().getOrDefault(look.name(), Set.of()))
                    .ifPresent(entries::add);
        }
        return new TokenContent(standing.principal(), standing.limit(), entries, asked.catalog(), looked.epochSecond());
    }

    private static Optional<TokenEntry> everywhere(Standing standing, AskedScopes asked) {
        boolean everything = standing.principal() instanceof Principal.Account account
                && account.administrator()
                && standing.limit().prefix().equals(RepositoryPrefix.ALL);
        EnumSet<Action> held = EnumSet.noneOf(Action.class);
        asked.everywhere().stream()
                .filter(_ -> everything)
                .filter(standing.limit().actions()::contains)
                .forEach(held::add);
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(new TokenEntry(Optional.empty(), held, Ground.PRINCIPAL));
    }

    private static Optional<TokenEntry> entry(Standing standing, Look look, Set<Action> asked) {
        EnumSet<Action> held = EnumSet.noneOf(Action.class);
        Ground ground = Ground.PUBLIC;
        for (Action action : asked) {
            switch (Decision.of(standing, look.name(), look.visibility(), action)) {
                case Granted granted -> {
                    held.add(action);
                    // Who may do one thing by a role may pull by it too: the grounds of one entry are never two.
                    ground = granted.ground();
                }
                case Denied _ -> {}
            }
        }
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(new TokenEntry(
                        Optional.of(look.name()),
                        held,
                        ground,
                        look.organization(),
                        look.key().map(RepositoryKey::repository),
                        ground == Ground.PRINCIPAL ? epoch(standing, look.name()) : Optional.empty()));
    }

    /** All that an account holds in one organization was read with the same epoch; an administrator needs no role. */
    private static Optional<Long> epoch(Standing standing, RepositoryName name) {
        return standing.principal() instanceof Principal.Account account && !account.administrator()
                ? standing.holdings().stream()
                        .filter(holding -> holding.prefix().covers(name))
                        .map(Holding::epoch)
                        .findFirst()
                : Optional.empty();
    }
}
