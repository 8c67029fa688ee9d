package dev.moorage.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class that finds classes, fields or resources by name when the program runs, and says why it must.
 *
 * <p>A native image holds only what it was told of beforehand, so what such a class looks for is declared: in {@code
 * META-INF/native-image} or in the settings {@code quarkus.native}. See docs/native.md.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Reflective {
    /** Why it cannot be known when the program is built. */
    String value();
}
