package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the audit trail tells of, done or denied: a bounded vocabulary, which {@code docs/audit.md} explains. */
public enum AuditAction {
    ACCOUNT_CREATE(AuditTarget.ACCOUNT),
    ACCOUNT_CHANGE(AuditTarget.ACCOUNT),
    ACCOUNT_DELETE(AuditTarget.ACCOUNT),
    ACCOUNT_PASSWORD(AuditTarget.ACCOUNT),
    ACCOUNT_TEAMS(AuditTarget.ACCOUNT),
    SESSION_BEGIN(AuditTarget.ACCOUNT),
    SESSION_END(AuditTarget.ACCOUNT),
    PERSONAL_TOKEN_CREATE(AuditTarget.PERSONAL_TOKEN),
    PERSONAL_TOKEN_REVOKE(AuditTarget.PERSONAL_TOKEN),
    ORGANIZATION_CREATE(AuditTarget.ORGANIZATION),
    ORGANIZATION_CHANGE(AuditTarget.ORGANIZATION),
    ORGANIZATION_QUOTA(AuditTarget.ORGANIZATION),
    ORGANIZATION_DELETE(AuditTarget.ORGANIZATION),
    ROLE_GIVE(AuditTarget.ROLE),
    ROLE_REVOKE(AuditTarget.ROLE),
    MEMBER_SET(AuditTarget.ACCOUNT),
    MEMBER_REMOVE(AuditTarget.ACCOUNT),
    TEAM_CREATE(AuditTarget.TEAM),
    TEAM_DELETE(AuditTarget.TEAM),
    TEAM_ADD(AuditTarget.TEAM),
    TEAM_REMOVE(AuditTarget.TEAM),
    ROBOT_CREATE(AuditTarget.ROBOT),
    ROBOT_CHANGE(AuditTarget.ROBOT),
    ROBOT_SECRET(AuditTarget.ROBOT),
    ROBOT_DELETE(AuditTarget.ROBOT),
    TRUSTED_ISSUER_CREATE(AuditTarget.TRUSTED_ISSUER),
    TRUSTED_ISSUER_CHANGE(AuditTarget.TRUSTED_ISSUER),
    TRUSTED_ISSUER_DELETE(AuditTarget.TRUSTED_ISSUER),
    WEBHOOK_CREATE(AuditTarget.WEBHOOK),
    WEBHOOK_CHANGE(AuditTarget.WEBHOOK),
    WEBHOOK_SECRET(AuditTarget.WEBHOOK),
    WEBHOOK_DELETE(AuditTarget.WEBHOOK),
    WEBHOOK_PING(AuditTarget.WEBHOOK),
    WEBHOOK_REDELIVER(AuditTarget.WEBHOOK),
    IMMUTABILITY_CREATE(AuditTarget.IMMUTABILITY_RULE),
    IMMUTABILITY_DELETE(AuditTarget.IMMUTABILITY_RULE),
    RETENTION_SET(AuditTarget.RETENTION_POLICY),
    RETENTION_WITHDRAW(AuditTarget.RETENTION_POLICY),
    RETENTION_PREVIEW(AuditTarget.RETENTION_POLICY),
    RETENTION_RUN(AuditTarget.RETENTION_POLICY),
    RETENTION_UNDO(AuditTarget.RETENTION_POLICY),
    REPOSITORY_CREATE(AuditTarget.REPOSITORY),
    REPOSITORY_CHANGE(AuditTarget.REPOSITORY),
    REPOSITORY_DELETE(AuditTarget.REPOSITORY),
    HISTORY_UNDO(AuditTarget.EVENT),
    HISTORY_RESTORE(AuditTarget.REPOSITORY),
    CONTENT_PURGE(AuditTarget.REPOSITORY),
    SIGNING_KEY_CREATE(AuditTarget.SIGNING_KEY),
    STORE_REPAIR(AuditTarget.STORE),
    STORE_ACKNOWLEDGE(AuditTarget.STORE),
    CONTENT_PULL(AuditTarget.REPOSITORY),
    CONTENT_PUSH(AuditTarget.REPOSITORY),
    CONTENT_DELETE(AuditTarget.REPOSITORY),
    MANAGEMENT_REQUEST(AuditTarget.REQUEST),
    LOGIN(AuditTarget.ACCOUNT),
    TOKEN_ISSUE(AuditTarget.TOKEN),
    TOKEN_SHOW(AuditTarget.TOKEN),
    DENIALS_DROP(AuditTarget.TRAIL);

    private final AuditTarget target;

    AuditAction(AuditTarget target) {
        this.target = target;
    }

    /** What kind of thing it is done to. */
    public AuditTarget target() {
        return target;
    }

    /** The action as rows and answers write it: the noun, a dot, and what is done, as {@code personal-token.create}. */
    public String text() {
        int last = name().lastIndexOf('_');
        String text = last < 0 ? name() : name().substring(0, last) + '.' + name().substring(last + 1);
        return text.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads an action; empty where the text is none. */
    public static Optional<AuditAction> parse(String text) {
        return Stream.of(values()).filter(action -> action.text().equals(text)).findFirst();
    }
}
