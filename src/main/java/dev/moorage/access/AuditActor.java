package dev.moorage.access;

import dev.moorage.metadata.AuditRow.Actor;
import java.util.Optional;
import org.jboss.logging.MDC;

/** Who acts, as the audit trail names him. */
final class AuditActor {

    /** The field of the log that names the request at hand. */
    private static final String REQUEST = "request";

    private static final int LONGEST_ADDRESS = 64;
    private static final int LONGEST_CLIENT = 255;

    private AuditActor() {}

    /** Who holds a grant. */
    static Actor of(Grant grant) {
        Caller caller = grant.caller();
        return switch (grant.rule()) {
            case EVERYTHING ->
                actor("anonymous", caller.account(), Optional.empty(), caller.address(), caller.client());
            case SYSTEM -> actor("system", rest(caller.account()), Optional.empty(), "", "");
            case COMMAND -> actor("command", rest(caller.account()), Optional.empty(), "", caller.client());
            case HELD -> of(grant.principal(), caller.address(), caller.client());
        };
    }

    /** Whoever came with a request. */
    static Actor of(Principal principal, String address, String client) {
        return switch (principal) {
            case Principal.Anonymous nobody -> actor("anonymous", nobody.name(), Optional.empty(), address, client);
            case Principal.Account account ->
                actor(
                        account.administrator() ? "administrator" : "account",
                        account.name(),
                        Optional.of(account.id().value()),
                        address,
                        client);
            case Principal.Robot robot ->
                actor("robot", robot.name(), Optional.of(robot.id().value()), address, client);
            case Principal.Job job ->
                actor("job", job.name(), Optional.of(job.id().value()), address, client);
            case Principal.External external -> actor("external", external.name(), Optional.empty(), address, client);
        };
    }

    /** The registry itself. */
    static Actor system(String reason) {
        return actor("system", reason, Optional.empty(), "", "");
    }

    private static Actor actor(String kind, String name, Optional<Long> id, String address, String client) {
        return new Actor(
                kind,
                AuditText.fit(name, AuditText.LONGEST_ACTOR),
                id,
                AuditText.fit(address, LONGEST_ADDRESS),
                AuditText.fit(client, LONGEST_CLIENT),
                Optional.ofNullable(MDC.get(REQUEST))
                        .map(Object::toString)
                        .filter(_ -> !address.isEmpty())
                        .map(text -> AuditText.fit(text, LONGEST_CLIENT)));
    }

    /** What a caller is called that is no account's name: {@code system: purge}. */
    private static String rest(String name) {
        return name.substring(name.indexOf(' ') + 1);
    }
}
