package dev.moorage.error;

import dev.moorage.name.AuditSubject;
import java.util.Map;
import java.util.Optional;

/** A request on {@code /api/v1} that is refused: what the client gets is in here whole (RFC 9457). */
public abstract sealed class AdministrationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Map<String, Object> more;

    private AdministrationException(Kind kind, String detail, Map<String, Object> more) {
        super(detail, null, false, false);
        this.kind = kind;
        this.more = Map.copyOf(more);
    }

    /** The kinds of refusals, each with its status. */
    public enum Kind {
        INVALID(400, "the request cannot be understood"),
        FORBIDDEN(403, "the caller may not do this"),
        NOT_FOUND(404, "there is no such thing"),
        CONFLICT(409, "what there is stands against it"),
        TOO_LARGE(413, "the body is too large"),
        NOT_JSON(415, "the body is no JSON");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** A sentence that is the same for every refusal of the kind. */
        public String title() {
            return title;
        }
    }

    /** What kind of refusal this is. */
    public final Kind kind() {
        return kind;
    }

    /** The field of the request that is wrong. */
    public Optional<String> field() {
        return Optional.empty();
    }

    /** What a program may need beside the sentence. */
    public final Map<String, Object> more() {
        return more;
    }

    /** A field of a body or a query, or the body, that cannot be taken as it is: 400. */
    public static final class Invalid extends AdministrationException {
        private static final long serialVersionUID = 1L;
        private final String field;

        public Invalid(String field, String reason) {
            super(Kind.INVALID, reason, Map.of());
            this.field = field;
        }

        @Override
        public Optional<String> field() {
            return Optional.of(field).filter(name -> !name.isEmpty());
        }
    }

    /** Nothing is there, or nothing that the caller may know of: 404. */
    public static final class NotFound extends AdministrationException {
        private static final long serialVersionUID = 1L;

        public NotFound(String what, String name) {
            super(Kind.NOT_FOUND, "there is no %s %s".formatted(what, name), Map.of());
        }
    }

    /** Something is there that the caller may know of, and may not do this to: 403. */
    public static final class Forbidden extends AdministrationException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<AuditSubject> subject;

        public Forbidden(String because) {
            this(because, Optional.empty());
        }

        private Forbidden(String because, Optional<AuditSubject> subject) {
            super(Kind.FORBIDDEN, because, Map.of());
            this.subject = subject;
        }

        /** The same of something that is known better. */
        public Forbidden about(AuditSubject what) {
            return new Forbidden(getMessage(), Optional.of(what));
        }

        /** What was forbidden, for the audit trail; empty where no more is known than the request. */
        public Optional<AuditSubject> subject() {
            return subject;
        }
    }

    /** What there is does not go with what is asked: 409. */
    public static final class Conflict extends AdministrationException {
        private static final long serialVersionUID = 1L;

        public Conflict(String reason) {
            this(reason, Map.of());
        }

        public Conflict(String reason, Map<String, Object> more) {
            super(Kind.CONFLICT, reason, more);
        }
    }

    /** A body above the limit: 413. */
    public static final class TooLarge extends AdministrationException {
        private static final long serialVersionUID = 1L;

        public TooLarge(int limit) {
            super(Kind.TOO_LARGE, "a body has at most " + limit + " bytes", Map.of());
        }
    }

    /** A body that does not say that it is JSON: 415. */
    public static final class NotJson extends AdministrationException {
        private static final long serialVersionUID = 1L;

        public NotJson() {
            super(Kind.NOT_JSON, "Content-Type is application/json", Map.of());
        }
    }
}
