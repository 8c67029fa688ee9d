package dev.moorage.access;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions are credentials on pages, and nowhere else. */
class SessionCredentialsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.moorage");

    @Test
    void onlyPagesMakeThem() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.moorage.http.ui")
                .should()
                .callConstructor(Credentials.Session.class, String.class)
                .check(CLASSES);
    }

    @Test
    void noHeaderIsReadAsOne() {
        String secret = Secret.make(Secret.Kind.SESSION).reveal();
        String pair = Base64.getEncoder().encodeToString(("admin:" + secret).getBytes(StandardCharsets.UTF_8));
        assertThat(Credentials.of(Optional.of("Bearer " + secret))).isInstanceOf(Credentials.Bearer.class);
        assertThat(Credentials.of(Optional.of("Basic " + pair))).isInstanceOf(Credentials.Basic.class);
        assertThat(Credentials.of(Optional.of("Session " + secret))).isInstanceOf(Credentials.Unreadable.class);
    }

    @Test
    void secretHasMoreThan192RandomBits() {
        String random = Secret.make(Secret.Kind.SESSION).reveal().substring("moorage_session_".length());
        assertThat(random).hasSize(34 + 6);
        assertThat(34 * Math.log(62) / Math.log(2)).isGreaterThan(192);
        assertThat(new Credentials.Session("s")).hasToString("***");
    }
}
