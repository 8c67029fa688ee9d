package dev.moorage.http;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** Every method of every resource of the program, found in its classes. */
public final class Endpoints {

    private Endpoints() {}

    /** The methods of what programs speak to, by what they answer to, as {@code GET /api/v1/organizations}. */
    static Map<String, Method> all() {
        return of(type -> !isPage(type));
    }

    /** The methods of the console's pages, in the same way. */
    public static Map<String, Method> pages() {
        return of(Endpoints::isPage);
    }

    private static boolean isPage(JavaClass type) {
        return type.getPackageName().equals("dev.moorage.http.ui");
    }

    private static Map<String, Method> of(Predicate<JavaClass> which) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.moorage").stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .filter(which)
                        .map(JavaClass::reflect)
                        .flatMap(Endpoints::of)
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                Map.Entry::getValue,
                                (_, second) -> {
                                    throw new IllegalStateException("two methods for one request: " + second);
                                },
                                TreeMap::new));
    }

    /** Those that take JSON. */
    static Map<String, Class<?>> bodies() {
        Map<String, Class<?>> bodies = new TreeMap<>();
        all().forEach((endpoint, method) -> Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(RequestBody.class))
                .filter(annotation -> annotation != null)
                .forEach(annotation ->
                        bodies.put(endpoint, annotation.content()[0].schema().implementation())));
        return bodies;
    }

    private static Stream<Map.Entry<String, Method>> of(Class<?> type) {
        String base = type.getAnnotation(Path.class).value();
        return Arrays.stream(type.getDeclaredMethods()).flatMap(method -> Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(verb -> verb != null)
                .map(verb -> Map.entry(verb.value() + " " + path(base, method.getAnnotation(Path.class)), method)));
    }

    private static String path(String base, Path own) {
        return own == null ? base : (base.equals("/") ? "" : base) + "/" + own.value();
    }
}
