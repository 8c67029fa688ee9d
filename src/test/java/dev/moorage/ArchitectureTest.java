package dev.moorage;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of rooms, and the rules of style that a program can hold. A room that is still empty breaks none of them. */
class ArchitectureTest {

    private static final String ROOT = "dev.moorage";
    private static final int MAX_INTERFACE_METHODS = 12;
    private static final String GRANT = ROOT + ".access.Grant";
    private static final String PATH = "jakarta.ws.rs.Path";
    private static final Pattern REGEX_IN_PATH = Pattern.compile("\\{[^}]*:");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void classFilesOfThisJavaAreRead() {
        assertThat(CLASSES).isNotEmpty();
        assertThat(CLASSES.stream().flatMap(type -> type.getMethods().stream())).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void roomImportsOnlyWhatTheTableAllows(Room room) {
        String[] forbidden = Stream.of(Room.values())
                .filter(other -> other != room && !room.mayImport(other))
                .map(Room::packages)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(room.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyClassLivesInARoomOfTheTable() {
        String[] rooms = Stream.concat(Stream.of(ROOT), Stream.of(Room.values()).map(Room::packages))
                .toArray(String[]::new);

        classes().should().resideInAnyPackage(rooms).check(CLASSES);
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void namesNeedNothingButJava() {
        classes()
                .that()
                .resideInAPackage(Room.NAME.packages())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", Room.NAME.packages())
                .check(CLASSES);
    }

    @Test
    void sqlIsSpokenInMetadataOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(Room.METADATA.packages(), Room.EMBEDDED.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(CLASSES);
    }

    @Test
    void pathsHoldNoRegularExpression() {
        classes().should(haveNoRegexInPath()).check(CLASSES);
        methods().should(haveNoRegexInPath()).allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void useCasesAreOpenOnlyToHoldersOfAGrant() {
        methods()
                .that()
                .areDeclaredInClassesThat(services())
                .and()
                .arePublic()
                .should(takeAGrantFirst())
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void interfacesStayNarrow() {
        classes().that().areInterfaces().should(haveFewMethods()).check(CLASSES);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        fields().should()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .andShould()
                .notBeAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyCommandsAndMainSpeakToTheTerminal() {
        noClasses()
                .that(not(resideInAPackage(Room.COMMAND.packages())))
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".Main")
                // Its last words come after the log is closed.
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".embedded.EmbeddedServer")
                .should(accessField(System.class, "out"))
                .orShould(accessField(System.class, "err"))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({"src/main/java, 400", "src/test/java, 600", "src/bench/java, 400"})
    void sourceFilesStayShort(Path folder, int mostLines) throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                int lines = Files.readAllLines(file).size();
                if (lines > mostLines) {
                    tooLong.add(file + " has " + lines + " lines");
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static DescribedPredicate<JavaClass> services() {
        return DescribedPredicate.describe(
                "use cases",
                type -> type.getSimpleName().endsWith("Service")
                        && Stream.of(Room.REGISTRY, Room.ADMINISTRATION, Room.LIFECYCLE)
                                .anyMatch(room ->
                                        resideInAPackage(room.packages()).test(type)));
    }

    private static <T extends HasAnnotations<?>> ArchCondition<T> haveNoRegexInPath() {
        return condition(
                "have no regular expression in @Path",
                item -> !item.isAnnotatedWith(PATH)
                        || item.tryGetAnnotationOfType(PATH)
                                .flatMap(path -> path.get("value"))
                                .filter(value ->
                                        REGEX_IN_PATH.matcher(value.toString()).find())
                                .isEmpty());
    }

    private static ArchCondition<JavaMethod> takeAGrantFirst() {
        return condition(
                "take a Grant as their first parameter",
                method -> method.getModifiers().contains(JavaModifier.SYNTHETIC)
                        || (!method.getRawParameterTypes().isEmpty()
                                && method.getRawParameterTypes()
                                        .getFirst()
                                        .getName()
                                        .equals(GRANT)));
    }

    private static ArchCondition<JavaClass> haveFewMethods() {
        return condition(
                "have at most " + MAX_INTERFACE_METHODS + " methods",
                type -> type.getMethods().stream()
                                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                                .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
                                .count()
                        <= MAX_INTERFACE_METHODS);
    }

    private static <T extends HasDescription> ArchCondition<T> condition(String description, Predicate<T> holds) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                if (!holds.test(item)) {
                    events.add(SimpleConditionEvent.violated(item, item.getDescription() + " should " + description));
                }
            }
        };
    }
}
