package dev.moorage.http;

import dev.moorage.name.AuditAction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the audit trail tells of each endpoint that changes something. */
final class AuditTable {

    private static final String ORGANIZATION = " /api/v1/organizations/{organization}";
    private static final String REPOSITORY = " /api/v1/repositories/-";

    /** What changes nothing that is administered: images, which have a history of their own, and tokens of clients. */
    private static final Set<String> NOTHING = Set.of("/v2/", "/auth/");

    private static final Map<String, AuditAction> ACTIONS = new LinkedHashMap<>();

    private AuditTable() {}

    static {
        ACTIONS.put("POST /api/v1/organizations", AuditAction.ORGANIZATION_CREATE);
        ACTIONS.put("PATCH" + ORGANIZATION + "", AuditAction.ORGANIZATION_CHANGE);
        ACTIONS.put("DELETE" + ORGANIZATION + "", AuditAction.ORGANIZATION_DELETE);
        ACTIONS.put("PUT" + ORGANIZATION + "/quota", AuditAction.ORGANIZATION_QUOTA);
        ACTIONS.put("POST" + ORGANIZATION + "/grants", AuditAction.ROLE_GIVE);
        ACTIONS.put("DELETE" + ORGANIZATION + "/grants/{id}", AuditAction.ROLE_REVOKE);
        ACTIONS.put("PUT" + ORGANIZATION + "/members/{account}", AuditAction.MEMBER_SET);
        ACTIONS.put("DELETE" + ORGANIZATION + "/members/{account}", AuditAction.MEMBER_REMOVE);
        ACTIONS.put("POST" + ORGANIZATION + "/teams", AuditAction.TEAM_CREATE);
        ACTIONS.put("DELETE" + ORGANIZATION + "/teams/{team}", AuditAction.TEAM_DELETE);
        ACTIONS.put("PUT" + ORGANIZATION + "/teams/{team}/members/{account}", AuditAction.TEAM_ADD);
        ACTIONS.put("DELETE" + ORGANIZATION + "/teams/{team}/members/{account}", AuditAction.TEAM_REMOVE);
        ACTIONS.put("POST" + ORGANIZATION + "/robots", AuditAction.ROBOT_CREATE);
        ACTIONS.put("PATCH" + ORGANIZATION + "/robots/{robot}", AuditAction.ROBOT_CHANGE);
        ACTIONS.put("POST" + ORGANIZATION + "/robots/{robot}/secret", AuditAction.ROBOT_SECRET);
        ACTIONS.put("DELETE" + ORGANIZATION + "/robots/{robot}", AuditAction.ROBOT_DELETE);
        ACTIONS.put("POST" + ORGANIZATION + "/trusted-issuers", AuditAction.TRUSTED_ISSUER_CREATE);
        ACTIONS.put("PATCH" + ORGANIZATION + "/trusted-issuers/{issuer}", AuditAction.TRUSTED_ISSUER_CHANGE);
        ACTIONS.put("DELETE" + ORGANIZATION + "/trusted-issuers/{issuer}", AuditAction.TRUSTED_ISSUER_DELETE);
        ACTIONS.put("POST /api/v1/accounts", AuditAction.ACCOUNT_CREATE);
        ACTIONS.put("PATCH /api/v1/accounts/{account}", AuditAction.ACCOUNT_CHANGE);
        ACTIONS.put("DELETE /api/v1/accounts/{account}", AuditAction.ACCOUNT_DELETE);
        ACTIONS.put("PUT /api/v1/account/password", AuditAction.ACCOUNT_PASSWORD);
        ACTIONS.put("POST /api/v1/account/tokens", AuditAction.PERSONAL_TOKEN_CREATE);
        ACTIONS.put("DELETE /api/v1/account/tokens/{id}", AuditAction.PERSONAL_TOKEN_REVOKE);
        ACTIONS.put("POST /api/v1/repositories", AuditAction.REPOSITORY_CREATE);
        ACTIONS.put("PATCH" + REPOSITORY, AuditAction.REPOSITORY_CHANGE);
        ACTIONS.put("PUT" + REPOSITORY + "/readme", AuditAction.REPOSITORY_CHANGE);
        ACTIONS.put("PUT" + REPOSITORY + "/icon", AuditAction.REPOSITORY_CHANGE);
        ACTIONS.put("DELETE" + REPOSITORY, AuditAction.REPOSITORY_DELETE);
        ACTIONS.put("POST" + REPOSITORY + "/purge", AuditAction.CONTENT_PURGE);
        String webhooks = ORGANIZATION + "/webhooks";
        ACTIONS.put("POST" + webhooks, AuditAction.WEBHOOK_CREATE);
        ACTIONS.put("PATCH" + webhooks + "/{webhook}", AuditAction.WEBHOOK_CHANGE);
        ACTIONS.put("DELETE" + webhooks + "/{webhook}", AuditAction.WEBHOOK_DELETE);
        ACTIONS.put("POST" + webhooks + "/{webhook}/secret", AuditAction.WEBHOOK_SECRET);
        ACTIONS.put("POST" + webhooks + "/{webhook}/ping", AuditAction.WEBHOOK_PING);
        ACTIONS.put("POST" + webhooks + "/{webhook}/dead-letters/redeliver", AuditAction.WEBHOOK_REDELIVER);
        ACTIONS.put("POST" + webhooks + "/{webhook}/deliveries/{delivery}/redeliver", AuditAction.WEBHOOK_REDELIVER);
        ofBoth("POST", "/immutability-rules", AuditAction.IMMUTABILITY_CREATE);
        ofBoth("DELETE", "/immutability-rules/{id}", AuditAction.IMMUTABILITY_DELETE);
        ofBoth("POST", "/events/{reference}/undo", AuditAction.HISTORY_UNDO);
        ofBoth("POST", "/restore", AuditAction.HISTORY_RESTORE);
        ofBoth("PUT", "/retention", AuditAction.RETENTION_SET);
        ofBoth("DELETE", "/retention", AuditAction.RETENTION_WITHDRAW);
        ofBoth("POST", "/retention/preview", AuditAction.RETENTION_PREVIEW);
        ofBoth("POST", "/retention/run", AuditAction.RETENTION_RUN);
        ofBoth("POST", "/retention/runs/{id}/undo", AuditAction.RETENTION_UNDO);
    }

    private static void ofBoth(String method, String rest, AuditAction action) {
        ACTIONS.put(method + ORGANIZATION + rest, action);
        ACTIONS.put(method + REPOSITORY + rest, action);
    }

    /** Whether an endpoint changes something that is administered. */
    static boolean isChange(AuthorizationTable.Row row) {
        return !row.method().equals("GET")
                && !row.method().equals("HEAD")
                && NOTHING.stream().noneMatch(path -> row.endpoint().contains(' ' + path));
    }

    /** What the trail tells of an endpoint. */
    static AuditAction action(String endpoint) {
        AuditAction action = ACTIONS.get(endpoint);
        if (action == null) {
            throw new AssertionError("nothing says what the audit trail tells of " + endpoint);
        }
        return action;
    }
}
