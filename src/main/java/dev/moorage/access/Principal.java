package dev.moorage.access;

import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RobotId;
import dev.moorage.name.TrustedIssuerId;
import java.util.Map;

/** Somebody who has shown who he is, or nobody. */
public sealed interface Principal {

    /** The name under which the history and the logs know him. */
    String name();

    /** What somebody else has said of him, for the history; nothing of those that the registry itself knows. */
    default Map<String, String> claims() {
        return Map.of();
    }

    /** Nobody: a request without credentials. */
    record Anonymous() implements Principal {
        @Override
        public String name() {
            return "anonymous";
        }
    }

    /**
     * A person or a program with an account.
     *
     * @param epoch the account's epoch when this was found out; another one now means that something was revoked
     * @param administrator whether the account may do everything
     */
    record Account(AccountId id, String name, long epoch, boolean administrator) implements Principal {}

    /**
     * A robot of one organization.
     *
     * @param robot its name within the organization
     * @param epoch as an account's
     */
    record Robot(RobotId id, OrganizationId organization, OrganizationName organizationName, String robot, long epoch)
            implements Principal {
        @Override
        public String name() {
            return loginName(organizationName, robot);
        }

        /** The name with which a robot logs in. */
        public static String loginName(OrganizationName organization, String robot) {
            return organization.value() + '+' + robot;
        }
    }

    /**
     * A CI job that shows a token of an issuer which an organization trusts.
     *
     * @param subject whom the issuer says that it is
     * @param epoch that of the trusted issuer's row
     * @param claims what the issuer says of the job, for the history
     */
    record Job(TrustedIssuerId id, OrganizationId organization, String subject, long epoch, Map<String, String> claims)
            implements Principal {

        /** Keeps its own copy of the claims. */
        public Job {
            claims = Map.copyOf(claims);
        }

        @Override
        public String name() {
            return "job:" + subject;
        }
    }

    /**
     * Whoever shows a token of the other token server that the settings name.
     *
     * @param issuer that server
     * @param subject whom it says that it is; may be empty
     */
    record External(String issuer, String subject) implements Principal {
        @Override
        public String name() {
            return "external:" + subject;
        }

        @Override
        public Map<String, String> claims() {
            return Map.of("iss", issuer, "sub", subject);
        }
    }
}
