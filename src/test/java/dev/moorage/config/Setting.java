package dev.moorage.config;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * One setting as the configuration type declares it.
 *
 * @param key its full name, {@code moorage.…}
 * @param kind what a value looks like, for a reader
 * @param standard the default as written; empty where there is none
 * @param description the first paragraph of the method's Javadoc
 * @param path the methods that lead to the value, from the type itself
 */
record Setting(String key, String kind, Optional<String> standard, String description, List<Method> path) {

    private static final Path SOURCES = Path.of("src/main/java");

    /** All settings of a configuration type, in the order of their names. */
    static List<Setting> of(Class<?> type) {
        var found = new ArrayList<Setting>();
        collect(type, type.getAnnotation(ConfigMapping.class).prefix(), List.of(), descriptions(type), found);
        found.sort(Comparator.comparing(Setting::key));
        return List.copyOf(found);
    }

    /** The environment variable that sets it. */
    String variable() {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Its value in a configuration. */
    Object in(Object configuration) throws ReflectiveOperationException {
        var value = configuration;
        for (var step : path) {
            value = step.invoke(value);
        }
        return value;
    }

    private static void collect(
            Class<?> type, String prefix, List<Method> path, Map<String, String> descriptions, List<Setting> found) {
        for (var method : type.getMethods()) {
            var key = prefix + "." + named(method);
            var here = Stream.concat(path.stream(), Stream.of(method)).toList();
            var group = method.getReturnType();
            if (isGroup(group)) {
                // A group in a file of its own is described there.
                var described = group.getEnclosingClass() == null ? descriptions(group) : descriptions;
                collect(group, key, here, described, found);
                continue;
            }
            var standard =
                    Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
            var declaring = method.getDeclaringClass();
            // As a part of a group in a file of its own is.
            var known =
                    declaring == type || declaring.getEnclosingClass() != null ? descriptions : descriptions(declaring);
            var description = known.getOrDefault(declaring.getSimpleName() + "." + method.getName(), "");
            found.add(new Setting(key, kind(method.getGenericReturnType()), standard, description, here));
        }
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getName().startsWith("dev.moorage.");
    }

    private static String named(AnnotatedElement method) {
        return Optional.ofNullable(method.getAnnotation(WithName.class))
                .map(WithName::value)
                .orElseGet(() -> ((Method) method)
                        .getName()
                        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT));
    }

    private static String kind(Type type) {
        if (type instanceof ParameterizedType generic) {
            var inner = kind(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class ? inner : "list, each a " + inner;
        }
        var plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants())
                    .map(constant -> "`"
                            + ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-') + "`")
                    .collect(Collectors.joining(", "));
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return "`true` or `false`";
        }
        if (plain == Duration.class) {
            return "duration";
        }
        return plain.isPrimitive() || Number.class.isAssignableFrom(plain)
                ? "number"
                : plain.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** First paragraphs of the Javadoc in the type's source, by {@code Type.method}. */
    private static Map<String, String> descriptions(Class<?> type) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var source = files.getJavaFileObjects(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
            var task = (JavacTask) compiler.getTask(null, files, null, null, null, source);
            var trees = DocTrees.instance(task);
            var found = new HashMap<String, String>();
            new TreePathScanner<Void, String>() {
                @Override
                public Void visitClass(ClassTree tree, String outer) {
                    return super.visitClass(tree, tree.getSimpleName().toString());
                }

                @Override
                public Void visitMethod(MethodTree tree, String owner) {
                    var comment = Optional.ofNullable(trees.getDocComment(getCurrentPath()));
                    comment.ifPresent(text -> found.put(owner + "." + tree.getName(), firstParagraph(text)));
                    return super.visitMethod(tree, owner);
                }
            }.scan(task.parse(), "");
            return Map.copyOf(found);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String firstParagraph(String comment) {
        var text = comment.split("\\n\\s*(<p>|@|\\n)", 2)[0].strip().replaceAll("\\s+", " ");
        return text.replaceAll("\\{@(?:code|link) #?([^}]+)}", "`$1`").replace("|", "\\|");
    }
}
