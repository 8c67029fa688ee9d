package dev.moorage.http.ui;

import dev.moorage.administration.RetentionTarget;
import dev.moorage.administration.RetentionTarget.OfOrganization;
import dev.moorage.administration.RetentionTarget.OfRepository;

/** Whose retention the pages are about. */
record RetentionPlace(RetentionTarget target) {

    /** The name of the organization or the repository. */
    public String name() {
        return switch (target) {
            case OfOrganization(var name) -> name.value();
            case OfRepository(var name) -> name.value();
        };
    }

    /** Whether it is a repository's. */
    public boolean repository() {
        return switch (target) {
            case OfOrganization _ -> false;
            case OfRepository _ -> true;
        };
    }

    /** The address of the first page. */
    public String base() {
        return (repository() ? Shown.repository(name()) : Shown.organization(name())) + "/retention";
    }
}
