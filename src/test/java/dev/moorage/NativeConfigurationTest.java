package dev.moorage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.moorage.config.Reflective;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import picocli.CommandLine.Command;

/**
 * What a native image must be told of is declared: whatever is found by name when the program runs, and what has to be made
 * anew at each start. An image cannot be built everywhere, so this holds what a build of one would only show at its end.
 */
class NativeConfigurationTest {

    private static final String ROOT = "dev.moorage";
    private static final Path CLASSES = Path.of("target", "classes");
    private static final String METADATA = "META-INF/native-image/dev.moorage/moorage/reachability-metadata.json";
    private static final String COMMANDS =
            "META-INF/native-image/picocli-generated/dev.moorage/moorage/reflect-config.json";

    /** The classes that find something by name; each says why, and each is in one of the declarations below. */
    private static final List<String> REFLECTIVE =
            List.of("blob.DigestAccess", "drain.NextSignal", "embedded.Binaries", "http.ui.ConsoleAssets");

    /** Records of the HTTP rooms that never are JSON. */
    private static final Set<String> NEVER_JSON = Set.of(
            "http.CurrentKeys$Generation",
            "http.Form",
            "http.ReloadedCertificate$Files",
            "http.admin.TextOrNull$Absent",
            "http.admin.TextOrNull$Null",
            "http.admin.TextOrNull$Text",
            "http.token.Kept",
            "http.v2.BodyPump$Piece",
            "http.v2.PageRequest",
            "http.v2.V2Path",
            "http.watch.AccessLog$Entry");

    private static final Set<String> FINDS_BY_NAME = Set.of(
            "forName",
            "forPrimitiveName",
            "loadClass",
            "getResource",
            "getResourceAsStream",
            "getResources",
            "getSystemResource",
            "getSystemResourceAsStream",
            "newInstance",
            "privateLookupIn");
    private static final Pattern LISTS_MEMBERS =
            Pattern.compile("get(Declared)?(Method|Methods|Field|Fields|Constructor|Constructors|Classes)");
    private static final Pattern LOOKS_UP = Pattern.compile("(find|unreflect|defineClass|defineHidden).*");

    /** What is no longer true, or no longer alive, in another process: the image would keep it from the build. */
    private static final List<String> OF_ONE_PROCESS = List.of(
            "java.util.Random",
            "java.util.random.RandomGenerator",
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.concurrent.Executor",
            "java.lang.ref.Cleaner",
            "java.lang.Process",
            "java.lang.ProcessHandle",
            "java.net.InetAddress",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.nio.channels.Channel",
            "java.time.Clock",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.security.MessageDigest");

    private static final Pattern ASKS_THE_PROCESS =
            Pattern.compile("java\\.lang\\.System\\.(getenv|getProperty|nanoTime|currentTimeMillis)"
                    + "|java\\.lang\\.Runtime\\..*|java\\.lang\\.ProcessHandle\\..*"
                    + "|java\\.time\\.[A-Za-z]+\\.now|java\\.util\\.UUID\\.randomUUID|java\\.net\\.InetAddress\\..*");

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void onlyClassesThatSayWhyFindAnythingByName() {
        noClasses()
                .that(DescribedPredicate.not(annotatedWith(Reflective.class)))
                .should()
                .accessTargetWhere(DescribedPredicate.describe("finds by name", NativeConfigurationTest::findsByName))
                .check(PROGRAM);
    }

    @Test
    void theseClassesDo() {
        assertThat(PROGRAM.stream().filter(type -> type.isAnnotatedWith(Reflective.class)))
                .allSatisfy(type -> assertThat(
                                type.getAnnotationOfType(Reflective.class).value())
                        .isNotBlank())
                .allSatisfy(
                        type -> assertThat(type.getAccessesFromSelf()).anyMatch(NativeConfigurationTest::findsByName))
                .extracting(NativeConfigurationTest::shortName)
                .containsExactlyInAnyOrderElementsOf(REFLECTIVE);
    }

    @Test
    void whatIsReadOfTheJavaPlatformIsDeclaredFieldForField() throws Exception {
        Set<String> declared = new TreeSet<>();
        for (JsonNode entry : json(METADATA).get("reflection")) {
            Class<?> type = Class.forName(
                    entry.at("/type/proxy/0").asText(entry.get("type").asText()));
            for (JsonNode field : entry.path("fields")) {
                // A name that is wrong here would be wrong silently in an image.
                declared.add(type.getName() + "."
                        + type.getDeclaredField(field.get("name").asText()).getName());
            }
        }

        Set<String> texts = texts("dev/moorage/blob/DigestAccess");
        Set<String> used = new TreeSet<>();
        for (String name : texts) {
            if (name.matches("(java|sun)\\.[a-z.]+\\.[A-Za-z0-9$]+")) {
                for (var field : Class.forName(name).getDeclaredFields()) {
                    if (texts.contains(field.getName())) {
                        used.add(name + "." + field.getName());
                    }
                }
            }
        }
        assertThat(used).hasSize(6);
        assertThat(declared.stream().filter(name -> !name.startsWith("com.github.")))
                .containsExactlyElementsOf(used);
    }

    @Test
    void theKindOfCacheThatIsMadeByItsNameIsDeclared() throws IOException {
        Cache<String, byte[]> cache = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(1)
                .<String, byte[]>weigher((_, bytes) -> bytes.length)
                .build();

        assertThat(json(METADATA).get("reflection").findValuesAsText("type"))
                .contains(cache.asMap().getClass().getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.security", "sun.security.provider"})
    void theirPackagesAreOpenInTheImageAsInTheJar(String name) throws IOException {
        assertThat(arguments()).contains("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        assertThat(setting("quarkus.package.jar.manifest.attributes.\"Add-Opens\""))
                .contains("java.base/" + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres-linux-x86_64.txz",
                "postgres-linux-arm_64.txz",
                "postgres-darwin-x86_64.txz",
                "postgres-darwin-arm_64.txz",
                "console/assets/console.css"
            })
    void whatTheProgramReadsFromItsClassPathIsInTheImage(String resource) throws IOException {
        assertThat(Stream.of(setting("quarkus.native.resources.includes").split(",")))
                .anyMatch(glob ->
                        FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(resource)));
    }

    @Test
    void nothingOfOneProcessIsKeptFromTheBuild() throws IOException {
        Set<String> declared = madeAtRunTime();
        List<String> kept = new ArrayList<>();
        for (JavaClass type : PROGRAM) {
            if (!declared.contains(type.getName())) {
                type.getFields().stream()
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(NativeConfigurationTest::isOfOneProcess)
                        .forEach(field -> kept.add(field.getFullName()));
                type.getStaticInitializer().stream()
                        .flatMap(NativeConfigurationTest::questions)
                        .forEach(question -> kept.add(type.getName() + " asks " + question));
            }
        }
        assertThat(kept).isEmpty();
    }

    @Test
    void whatIsMadeAtEachStartIsThere() throws IOException {
        assertThat(madeAtRunTime())
                .contains(
                        "dev.moorage.blob.DigestAccess$Sha256",
                        "dev.moorage.blob.DigestAccess$Sha512",
                        "dev.moorage.registry.UploadLease")
                .allSatisfy(name -> assertThat(PROGRAM.contain(name)).isTrue());
        assertThat(namedForEachStart()).allSatisfy(name -> assertThat(
                        Class.forName(name, false, getClass().getClassLoader()))
                .isNotNull());
        assertThat(PROGRAM.get("dev.moorage.registry.UploadLease").getFields())
                .anyMatch(NativeConfigurationTest::isOfOneProcess);
    }

    @Test
    void everyBodyOfARequestOrAnAnswerIsDeclared() {
        assertThat(PROGRAM.stream()
                        .filter(type -> resideInAPackage(ROOT + ".http..").test(type))
                        // Templates read the records of pages, by what Qute makes of them in the build.
                        .filter(type -> !resideInAPackage(ROOT + ".http.ui").test(type))
                        .filter(JavaClass::isRecord)
                        .filter(type -> !type.isAnnotatedWith(RegisterForReflection.class))
                        .map(NativeConfigurationTest::shortName))
                .containsExactlyInAnyOrderElementsOf(NEVER_JSON);
    }

    @Test
    void everyCommandIsDeclaredByItsAnnotationProcessor() throws IOException {
        assumeTrue(CLASSES.resolve(COMMANDS).toFile().exists(), "compiled without annotation processors");

        Set<String> declared = new TreeSet<>();
        json(COMMANDS).forEach(entry -> declared.add(entry.get("name").asText()));

        assertThat(PROGRAM.stream().filter(type -> type.isAnnotatedWith(Command.class)))
                .isNotEmpty()
                .extracting(JavaClass::getName)
                .allSatisfy(name -> assertThat(declared).contains(name));
    }

    private static boolean findsByName(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        String owner = target.getOwner().getName();
        String name = target.getName();
        boolean ofClasses = owner.startsWith("java.lang.Class");
        boolean ofHandles = owner.startsWith("java.lang.invoke.MethodHandles");
        return owner.startsWith("java.lang.reflect.")
                || owner.equals("java.util.ServiceLoader")
                || (ofHandles && LOOKS_UP.matcher(name).matches())
                || (ofClasses && LISTS_MEMBERS.matcher(name).matches())
                || ((ofClasses || ofHandles) && FINDS_BY_NAME.contains(name));
    }

    private static boolean isOfOneProcess(JavaField field) {
        return Stream.concat(Stream.of(field.getRawType()), field.getAllInvolvedRawTypes().stream())
                .anyMatch(type -> OF_ONE_PROCESS.stream()
                        .anyMatch(name -> assignableTo(name).test(type)));
    }

    private static Stream<String> questions(JavaStaticInitializer initializer) {
        return initializer.getAccessesFromSelf().stream()
                .map(access -> access.getTarget().getOwner().getName() + "."
                        + access.getTarget().getName())
                .filter(ASKS_THE_PROCESS.asMatchPredicate());
    }

    private static String shortName(JavaClass type) {
        return type.getName().substring(ROOT.length() + 1);
    }

    private static Set<String> madeAtRunTime() throws IOException {
        return namedForEachStart().stream()
                .filter(name -> name.startsWith(ROOT))
                .collect(Collectors.toSet());
    }

    /** Those of libraries too. */
    private static Set<String> namedForEachStart() throws IOException {
        return arguments().stream()
                .filter(argument -> argument.startsWith("--initialize-at-run-time="))
                .map(argument -> argument.substring(argument.indexOf('=') + 1))
                .collect(Collectors.toSet());
    }

    /** The arguments for the compiler of images. */
    private static List<String> arguments() throws IOException {
        return List.of(setting("quarkus.native.additional-build-args").split(","));
    }

    private static String setting(String name) throws IOException {
        Properties settings = new Properties();
        try (InputStream file = resource("application.properties")) {
            settings.load(file);
        }
        return Optional.ofNullable(settings.getProperty(name)).orElseThrow();
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream file = resource(name)) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static InputStream resource(String name) {
        return Optional.ofNullable(NativeConfigurationTest.class.getResourceAsStream("/" + name))
                .orElseThrow(() -> new AssertionError("there is no " + name));
    }

    /** The texts in the code of a class. */
    private static Set<String> texts(String type) throws IOException {
        Set<String> texts = new TreeSet<>();
        try (InputStream file = resource(type + ".class")) {
            new ClassReader(file)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access, String name, String descriptor, String signature, String[] thrown) {
                                    return new MethodVisitor(Opcodes.ASM9) {
                                        @Override
                                        public void visitLdcInsn(Object value) {
                                            if (value instanceof String text) {
                                                texts.add(text);
                                            }
                                        }
                                    };
                                }
                            },
                            0);
        }
        return texts;
    }
}
