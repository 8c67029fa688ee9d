package dev.moorage.access;

import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a use case tells of the change that it makes, while it makes it; never a password, a secret, a token, or a hash of one.
 *
 * <p>Used by one transaction, with which it is written.
 */
public final class Audit {

    private final AuditSubject subject;
    private final Map<String, Object> detail = new LinkedHashMap<>();
    private final Optional<OrganizationId> organization;
    private String target;
    private boolean nothing;

    public Audit(AuditSubject subject, Optional<OrganizationId> organization) {
        this.subject = subject;
        this.organization = organization;
        this.target = subject.target();
    }

    /** Says what the thing is called, where that was not known before. */
    public Audit target(String name) {
        target = name;
        return this;
    }

    /** Tells something more. */
    public Audit with(String field, Object value) {
        detail.put(field, AuditText.value(value));
        return this;
    }

    /** Tells something more where there is something. */
    public Audit with(String field, Optional<?> value) {
        value.ifPresent(present -> with(field, present));
        return this;
    }

    /** Tells what was before and is now, where that differs. */
    public Audit changed(String field, Object before, Object now) {
        if (!before.equals(now)) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("from", plain(before));
            both.put("to", plain(now));
            detail.put(field, both);
        }
        return this;
    }

    /** Says that nothing was done after all, and that there is nothing to tell. */
    public void nothingDone() {
        nothing = true;
    }

    private static Object plain(Object value) {
        return value instanceof Optional<?> optional
                ? optional.map(Audit::plain).orElse(null)
                : AuditText.value(value instanceof Enum<?> || !isJson(value) ? value.toString() : value);
    }

    private static boolean isJson(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    AuditSubject subject() {
        return subject;
    }

    Optional<OrganizationId> organization() {
        return organization;
    }

    String target() {
        return target;
    }

    Map<String, Object> detail() {
        return detail;
    }

    boolean isNothing() {
        return nothing;
    }
}
