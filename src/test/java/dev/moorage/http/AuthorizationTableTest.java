package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of who may do what is whole. */
class AuthorizationTableTest {

    private static final String DESCRIPTION = "GET /api/v1/openapi";

    @Test
    void everyEndpointHasARowAndEveryRowAnEndpoint() {
        assertThat(AuthorizationTable.rows().stream().map(AuthorizationTable.Row::endpoint))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Endpoints.all().keySet().stream(), Stream.of(DESCRIPTION))
                                .toList());
    }

    @Test
    void everyBodyOfTheManagementApiIsReadStrictly() {
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("dev.moorage.http.admin")
                                .stream()
                                .filter(type -> type.isAnnotatedWith("jakarta.ws.rs.Path"))
                                .flatMap(type -> type.getMethods().stream())
                                .filter(method -> method.getRawParameterTypes().stream()
                                        .anyMatch(type -> type.getName().equals("java.io.InputStream")))
                                .count())
                .isEqualTo(Endpoints.bodies().size());
    }
}
