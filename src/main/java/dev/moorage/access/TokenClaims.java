package dev.moorage.access;

import dev.moorage.access.Decision.Ground;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.RobotId;
import dev.moorage.name.TrustedIssuerId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a token says what it says: the claim {@code access} as every registry has it, with our ids beside the names, and the
 * claim {@code moorage} for whose it is.
 */
final class TokenClaims {

    /** The claim that all registries have (Docker token specification, "Docker Registry v2 Bearer token specification"). */
    static final String ACCESS = "access";

    /** The claim of our own. */
    static final String OWN = "moorage";

    private static final String REPOSITORY = "repository";
    private static final String ORGANIZATION = "organization";
    private static final String EVERYWHERE = "*";
    private static final String EPOCH = "epoch";

    private TokenClaims() {}

    /** The claim {@code access}. */
    static List<Map<String, Object>> access(TokenContent content) {
        List<Map<String, Object>> entries = new ArrayList<>();
        content.entries().forEach(entry -> entries.add(access(entry)));
        if (content.catalog()) {
            entries.add(Map.of("type", "registry", "name", "catalog", "actions", List.of("*")));
        }
        return entries;
    }

    /** What one entry is in the claim {@code access}. */
    static Map<String, Object> access(TokenEntry entry) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("type", REPOSITORY);
        claim.put("name", entry.name().map(RepositoryName::value).orElse(EVERYWHERE));
        claim.put("actions", texts(entry.actions()));
        entry.organization().ifPresent(id -> claim.put(ORGANIZATION, id.value()));
        entry.repository().ifPresent(id -> claim.put(REPOSITORY, id.value()));
        entry.epoch().ifPresent(epoch -> claim.put(EPOCH, epoch));
        if (entry.ground() == Ground.PUBLIC) {
            claim.put("public", true);
        }
        return claim;
    }

    /** The claim of our own. */
    static Map<String, Object> own(TokenContent content) {
        Map<String, Object> claim = new LinkedHashMap<>();
        switch (content.principal()) {
            case Principal.Anonymous _ -> claim.put("kind", "anonymous");
            case Principal.Account account -> {
                claim.put("kind", "account");
                claim.put("id", account.id().value());
                claim.put(EPOCH, account.epoch());
                claim.put("administrator", account.administrator());
            }
            case Principal.Robot robot -> {
                claim.put("kind", "robot");
                claim.put("id", robot.id().value());
                claim.put(EPOCH, robot.epoch());
                claim.put(ORGANIZATION, robot.organization().value());
            }
            case Principal.Job job -> {
                claim.put("kind", "job");
                claim.put("id", job.id().value());
                claim.put(EPOCH, job.epoch());
                claim.put(ORGANIZATION, job.organization().value());
                claim.put("claims", job.claims());
            }
            case Principal.External _ ->
                throw new IllegalStateException("who shows a token of another server gets none of ours");
        }
        if (!content.limit().equals(Limit.NONE)) {
            claim.put("prefix", content.limit().prefix().value());
            claim.put("limit", texts(content.limit().actions()));
        }
        return claim;
    }

    /**
     * Reads both claims back.
     *
     * @throws RuntimeException of any kind where they are not of this form, which a key of ours never signs
     */
    static TokenContent read(String subject, Object access, Object own, long issuedAt) {
        List<TokenEntry> entries = new ArrayList<>();
        boolean catalog = false;
        for (Object item : (List<?>) access) {
            Map<?, ?> claim = (Map<?, ?>) item;
            if (claim.get("type").equals(REPOSITORY)) {
                entries.add(entry(claim));
            } else {
                catalog = true;
            }
        }
        Map<?, ?> mine = (Map<?, ?>) own;
        return new TokenContent(principal(subject, mine), limit(mine), entries, catalog, issuedAt);
    }

    private static TokenEntry entry(Map<?, ?> claim) {
        String name = (String) claim.get("name");
        return new TokenEntry(
                name.equals(EVERYWHERE) ? Optional.empty() : Optional.of(new RepositoryName(name)),
                actions((List<?>) claim.get("actions")),
                Boolean.TRUE.equals(claim.get("public")) ? Ground.PUBLIC : Ground.PRINCIPAL,
                Optional.ofNullable(claim.get(ORGANIZATION)).map(id -> new OrganizationId(number(id))),
                Optional.ofNullable(claim.get(REPOSITORY)).map(id -> new RepositoryId(number(id))),
                Optional.ofNullable(claim.get(EPOCH)).map(TokenClaims::number));
    }

    private static Principal principal(String subject, Map<?, ?> claim) {
        return switch ((String) claim.get("kind")) {
            case "anonymous" -> new Principal.Anonymous();
            case "account" ->
                new Principal.Account(
                        new AccountId(number(claim.get("id"))),
                        subject,
                        number(claim.get(EPOCH)),
                        Boolean.TRUE.equals(claim.get("administrator")));
            case "robot" -> {
                int plus = subject.indexOf('+');
                yield new Principal.Robot(
                        new RobotId(number(claim.get("id"))),
                        new OrganizationId(number(claim.get(ORGANIZATION))),
                        new OrganizationName(subject.substring(0, plus)),
                        subject.substring(plus + 1),
                        number(claim.get(EPOCH)));
            }
            case "job" ->
                new Principal.Job(
                        new TrustedIssuerId(number(claim.get("id"))),
                        new OrganizationId(number(claim.get(ORGANIZATION))),
                        subject.substring("job:".length()),
                        number(claim.get(EPOCH)),
                        ((Map<?, ?>) claim.get("claims"))
                                .entrySet().stream().collect(Collectors.toMap(entry -> (String) entry.getKey(), entry ->
                                        (String) entry.getValue())));
            default -> throw new IllegalArgumentException("a kind of holder that is unknown");
        };
    }

    private static Limit limit(Map<?, ?> claim) {
        return claim.get("limit") instanceof List<?> actions
                ? new Limit(new RepositoryPrefix((String) claim.get("prefix")), actions(actions))
                : Limit.NONE;
    }

    private static Set<Action> actions(List<?> texts) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        texts.forEach(text -> actions.add(Action.parse((String) text).orElseThrow()));
        return actions;
    }

    private static List<String> texts(Set<Action> actions) {
        return actions.stream().sorted().map(Action::text).toList();
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
