package dev.moorage.error;

import java.util.List;
import java.util.Map;

/**
 * The JSON body of every refusal on {@code /v2} (OCI distribution specification, "Error Codes").
 *
 * @param errors one entry a fault, at least one
 */
public record ErrorBody(List<Entry> errors) {

    /** Keeps its own copy of the entries. */
    public ErrorBody {
        errors = List.copyOf(errors);
    }

    /**
     * One fault.
     *
     * @param code what kind of fault
     * @param message the code's sentence
     * @param detail what a person needs in order to act; names and numbers, never a secret
     */
    public record Entry(ErrorCode code, String message, Map<String, Object> detail) {

        /** Keeps its own copy of the detail. */
        public Entry {
            detail = Map.copyOf(detail);
        }

        /** An entry with the code's own sentence. */
        public static Entry of(ErrorCode code, Map<String, Object> detail) {
            return new Entry(code, code.message(), detail);
        }
    }
}
