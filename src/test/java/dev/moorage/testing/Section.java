package dev.moorage.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The place in a specification whose demand a test holds the registry to.
 *
 * <p>{@code OCI} is the OCI distribution specification, {@code OCI main} what its main branch adds to the released 1.1.1,
 * {@code Docker} the Docker Registry HTTP API V2; after the colon comes the heading.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Section {

    /** One or several headings. */
    String[] value();
}
