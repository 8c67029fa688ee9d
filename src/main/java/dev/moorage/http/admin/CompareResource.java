package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.registry.ComparisonService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;

/** What differs between manifests. */
@Path("/api/v1/repositories/-/compare")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class CompareResource {

    private final AdminRequest request;
    private final ComparisonService comparisons;

    CompareResource(AdminRequest request, ComparisonService comparisons) {
        this.request = request;
        this.comparisons = comparisons;
    }

    @GET
    @Operation(
            summary =
                    "What differs between two manifests: layers, bytes to fetch, configuration, platforms; whoever may pull sees it")
    public ComparisonService.Compared compare(
            @Parameter(description = "a tag or a digest", required = true) @RestQuery Optional<String> from,
            @Parameter(description = "a tag or a digest", required = true) @RestQuery Optional<String> to,
            @Parameter(description = "of indexes: which images are compared, as linux/arm64") @RestQuery
                    Optional<String> platform) {
        Grant grant = request.grant();
        return comparisons.compare(grant, request.repository(), named("from", from), named("to", to), platform);
    }

    private static String named(String field, Optional<String> text) {
        return text.filter(some -> !some.isEmpty())
                .orElseThrow(() -> new Invalid(field, field + " is a tag or a digest"));
    }
}
