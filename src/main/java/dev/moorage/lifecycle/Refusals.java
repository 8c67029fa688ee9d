package dev.moorage.lifecycle;

import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Obstacle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Says to whoever asked why something cannot be brought back. */
final class Refusals {

    private static final String CONFLICTS = "conflicts";

    private Refusals() {}

    /** What stands against it in one repository. */
    record In(Optional<RepositoryName> repository, List<Obstacle> obstacles) {

        /** Keeps its own copy. */
        In {
            obstacles = List.copyOf(obstacles);
        }
    }

    /** 403 where a rule keeps a tag, 409 with everything that stands against it otherwise; nothing where nothing does. */
    static void demandNone(List<In> found) {
        refusal(found).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** What {@link #demandNone} has found, by its refusal; nothing where the refusal is another one. */
    static List<Map<String, Object>> conflicts(Conflict refusal) {
        return refusal.more().get(CONFLICTS) instanceof List<?> list
                ? list.stream().flatMap(Refusals::conflict).toList()
                : List.of();
    }

    private static Stream<Map<String, Object>> conflict(Object one) {
        if (!(one instanceof Map<?, ?> members)) {
            return Stream.empty();
        }
        Map<String, Object> conflict = new LinkedHashMap<>();
        members.forEach((name, value) -> conflict.put(name.toString(), value));
        return Stream.of(conflict);
    }

    private static Optional<AdministrationException> refusal(List<In> found) {
        Optional<Obstacle> immutable = found.stream()
                .flatMap(in -> in.obstacles().stream())
                .filter(obstacle -> obstacle.kind() == Obstacle.Kind.TAG_IMMUTABLE)
                .findFirst();
        if (immutable.isPresent()) {
            return immutable.map(obstacle -> new Forbidden(obstacle.detail() + ", until it is lifted"));
        }
        List<Map<String, Object>> conflicts = described(found);
        return conflicts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Conflict(
                        "nothing was changed, because of what is there by now", Map.of(CONFLICTS, conflicts)));
    }

    /** All of it, as answers list it. */
    static List<Map<String, Object>> described(List<In> found) {
        return found.stream()
                .flatMap(in -> in.obstacles().stream().map(obstacle -> described(in.repository(), obstacle)))
                .toList();
    }

    private static Map<String, Object> described(Optional<RepositoryName> repository, Obstacle obstacle) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", obstacle.kind().text());
        repository.ifPresent(name -> described.put("repository", name.value()));
        obstacle.tag().ifPresent(tag -> described.put("tag", tag.value()));
        obstacle.digest().ifPresent(digest -> described.put("digest", digest.toString()));
        obstacle.now().ifPresent(digest -> described.put("now", digest.toString()));
        described.put("detail", obstacle.detail());
        return described;
    }
}
