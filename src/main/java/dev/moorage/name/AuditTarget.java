package dev.moorage.name;

import java.util.Locale;

/** What kinds of things the audit trail tells of. */
public enum AuditTarget {
    ACCOUNT,
    PERSONAL_TOKEN,
    ORGANIZATION,
    ROLE,
    TEAM,
    ROBOT,
    TRUSTED_ISSUER,
    WEBHOOK,
    IMMUTABILITY_RULE,
    RETENTION_POLICY,
    REPOSITORY,
    EVENT,
    SIGNING_KEY,
    /** The store of blobs. */
    STORE,
    /** A request on the management API, by its method and path. */
    REQUEST,
    /** A token of the token server, or one that claims to be. */
    TOKEN,
    /** The audit trail itself. */
    TRAIL;

    /** The kind as rows and answers write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
