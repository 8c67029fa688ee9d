package dev.moorage.access;

import dev.moorage.access.Decision.Ground;
import dev.moorage.metadata.Guard;
import dev.moorage.metadata.Guard.Holder;
import dev.moorage.metadata.Guard.Which;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token whose signature was found right, made ready for the requests that show it.
 *
 * @param content what it says
 * @param kid the key that signed it
 * @param notBefore the second from which it is good
 * @param expiresAt the second from which it is not
 * @param holder what is asked of its holder at each request
 * @param doors what it opens
 */
record VerifiedToken(TokenContent content, String kid, long notBefore, long expiresAt, Guard holder, List<Door> doors) {

    /** How far clocks may differ. */
    static final long LEEWAY_SECONDS = 60;

    VerifiedToken {
        doors = List.copyOf(doors);
    }

    /** One entry with what is asked at each request that uses it. */
    record Door(TokenEntry entry, Guard guard) {}

    static VerifiedToken of(TokenContent content, String kid, long notBefore, long expiresAt) {
        Holder holder = holder(content.principal());
        return new VerifiedToken(
                content,
                kid,
                notBefore,
                expiresAt,
                Guard.of(holder, new Which.Any()),
                content.entries().stream()
                        .map(entry -> new Door(entry, guard(holder, entry, content.issuedAt())))
                        .toList());
    }

    /** Whether it is good at a time; clocks may differ by a minute. */
    boolean isGoodAt(Instant now) {
        return now.getEpochSecond() < expiresAt + LEEWAY_SECONDS && now.getEpochSecond() >= notBefore - LEEWAY_SECONDS;
    }

    /** What opens a repository for an action. */
    Optional<Door> door(RepositoryName repository, Action action) {
        return doors.stream()
                .filter(door -> door.entry().covers(repository)
                        && door.entry().actions().contains(action))
                .findFirst();
    }

    /** What is asked of a principal at each request. */
    static Holder holder(Principal principal) {
        return switch (principal) {
            case Principal.Anonymous _, Principal.External _ -> new Holder.Anybody();
            case Principal.Account account -> new Holder.Account(account.id(), account.epoch());
            case Principal.Robot robot -> new Holder.Robot(robot.id(), robot.epoch());
            case Principal.Job job -> new Holder.Job(job.id(), job.epoch());
        };
    }

    private static Guard guard(Holder holder, TokenEntry entry, long issuedAt) {
        if (entry.ground() == Ground.PUBLIC) {
            return Guard.of(new Holder.Anybody(), new Which.Public());
        }
        if (entry.ground() == Ground.ISSUER || entry.name().isEmpty()) {
            return Guard.of(holder, new Which.Any());
        }
        Holder inOrganization = inOrganization(holder, entry);
        Optional<Which> same = entry.organization().flatMap(organization -> entry.repository()
                .map(id -> new Which.Same(new RepositoryKey(organization, id))));
        return Guard.of(inOrganization, same.orElseGet(() -> new Which.MadeSince(entry.organization(), issuedAt)));
    }

    private static Holder inOrganization(Holder holder, TokenEntry entry) {
        return holder instanceof Holder.Account account
                        && entry.epoch().isPresent()
                        && entry.organization().isPresent()
                ? new Holder.Member(
                        account, entry.organization().get(), entry.epoch().get())
                : holder;
    }
}
