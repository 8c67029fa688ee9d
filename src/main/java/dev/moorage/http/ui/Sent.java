package dev.moorage.http.ui;

import dev.moorage.error.AdministrationException;
import dev.moorage.http.Form;
import java.util.Map;
import java.util.Optional;

/**
 * A form that was sent and refused, to be shown again with what was typed; or none.
 *
 * @param form which of the forms of a page
 * @param fields what was typed
 * @param field which field is wrong, where one is
 * @param fault what is wrong
 */
record Sent(String form, Form fields, Optional<String> field, String fault) {

    /** No form was sent. */
    static final Sent NOTHING = new Sent("", new Form(Map.of()), Optional.empty(), "");

    /** A form that was refused. */
    static Sent of(String name, Form form, AdministrationException refusal) {
        StringBuilder said = new StringBuilder(refusal.getMessage());
        refusal.more().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(more ->
                        said.append("; ").append(more.getKey()).append(": ").append(more.getValue()));
        return new Sent(name, form, refusal.field(), said.toString());
    }

    /** Whether this form was refused. */
    public boolean refused(String name) {
        return form.equals(name);
    }

    /** Whether a field of this form is what is wrong. */
    public boolean wrong(String name, String asked) {
        return refused(name) && field.filter(asked::equals).isPresent();
    }

    /** What was typed into a field of this form; what stands there at first where it was not sent. */
    public String typed(String name, String asked, String first) {
        return refused(name) ? fields.first(asked).orElse("") : first;
    }

    /** Whether a choice of a field of this form was made; what is chosen at first where it was not sent. */
    public boolean chosen(String name, String asked, String option, String first) {
        return refused(name) ? fields.all(asked).contains(option) : option.equals(first);
    }
}
