package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.metadata.ReferrerStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Lists tags, repositories and referrers, each page by one look into an index. */
@Singleton
public class ListService {

    // What clients read of an index is 4 MiB; the descriptors themselves take the rest.
    private static final long MAX_REFERRERS_BYTES = 3L << 20;

    private final Transactions transactions;
    private final Repositories repositories;
    private final RepositoryStore rows;
    private final TagStore tags;
    private final ReferrerStore referrers;
    private final Standings standings;

    ListService(
            Transactions transactions,
            Repositories repositories,
            RepositoryStore rows,
            TagStore tags,
            ReferrerStore referrers,
            Standings standings) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.rows = rows;
        this.tags = tags;
        this.referrers = referrers;
        this.standings = standings;
    }

    /**
     * Tags in byte order (OCI distribution specification, "Listing Tags").
     *
     * @param after the tag, or any text, behind which the page begins; empty for the first page
     * @param size how many at most
     */
    public Page<String> tags(Grant grant, String after, int size) {
        return transactions.read(tx -> {
            var repository = rows.find(tx, grant.scope())
                    .orElseThrow(() -> repositories.absent(
                            tx, grant, new NameUnknown(grant.repository().value())));
            return Page.of(tags.after(tx, repository.key(), after, size + 1), size);
        });
    }

    /** Names of repositories in byte order (Docker Registry HTTP API V2, "Catalog"). */
    public Page<String> catalog(Grant grant, String after, int size) {
        return transactions.read(tx -> Page.of(
                switch (standings.reach(tx, grant)) {
                    case Reach.Everywhere _ -> rows.catalog(tx, after, size + 1);
                    case Reach.Within within -> rows.catalog(tx, within.prefixes(), after, size + 1);
                },
                size));
    }

    /** Manifests whose subject is this digest (OCI distribution specification, "Listing Referrers"). */
    public Page<Referrer> referrers(
            Grant grant, Digest subject, Optional<String> artifactType, String after, int size) {
        if (artifactType.filter(type -> MediaType.parse(type).isEmpty()).isPresent()) {
            return new Page<>(List.of(), false);
        }
        return transactions.read(tx -> {
            ReferrerStore.Found found =
                    referrers.after(tx, grant.scope(), subject, artifactType, after, size, MAX_REFERRERS_BYTES);
            if (found.items().isEmpty()) {
                repositories.demand(tx, grant);
            }
            return new Page<>(
                    found.items().stream()
                            .map(row -> new Referrer(
                                    row.digest(), row.mediaType(), row.size(), row.artifactType(), row.annotations()))
                            .toList(),
                    found.more());
        });
    }
}
