package dev.moorage.http.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Says in the description of the interface what the resources cannot: paths as clients write them, logins, refusals. */
public class ApiDescription implements OASFilter {

    private static final String INNER = "/api/v1/repositories/-";
    private static final String OUTER = "/api/v1/repositories/{name}/-/";

    @Override
    public void filterOpenAPI(OpenAPI description) {
        description.getComponents().addSecurityScheme("basic", scheme("basic"));
        description.getComponents().addSecurityScheme("bearer", scheme("bearer"));
        description.setSecurity(List.of(
                OASFactory.createSecurityRequirement().addScheme("basic"),
                OASFactory.createSecurityRequirement().addScheme("bearer")));
        Paths paths = OASFactory.createPaths();
        for (Map.Entry<String, PathItem> path :
                description.getPaths().getPathItems().entrySet()) {
            PathItem item = path.getValue();
            boolean ofRepository = path.getKey().startsWith(INNER);
            item.getOperations().values().forEach(operation -> complete(operation));
            if (ofRepository) {
                item.addParameter(OASFactory.createParameter()
                        .name("name")
                        .in(Parameter.In.PATH)
                        .required(true)
                        .description("the repository's name, with its slashes as they are")
                        .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING)));
            }
            paths.addPathItem(ofRepository ? outer(path.getKey()) : path.getKey(), item);
        }
        description.setPaths(paths);
    }

    private static String outer(String path) {
        String tail = path.substring(INNER.length());
        return OUTER + (tail.isEmpty() ? "" : tail.substring(1));
    }

    private static SecurityScheme scheme(String name) {
        return OASFactory.createSecurityScheme().type(SecurityScheme.Type.HTTP).scheme(name);
    }

    private static void complete(Operation operation) {
        APIResponse problem = OASFactory.createAPIResponse()
                .description("Problem details (RFC 9457): type, title, status, detail, and the field that is wrong")
                .content(OASFactory.createContent()
                        .addMediaType("application/problem+json", OASFactory.createMediaType()));
        operation.getResponses().setDefaultValue(problem);
        if (listed(operation)) {
            operation.addParameter(query("after", Schema.SchemaType.STRING, "what next of the page before says"));
            operation.addParameter(query("limit", Schema.SchemaType.INTEGER, "how many items at most, 1 to 1000"));
        }
    }

    private static boolean listed(Operation operation) {
        return Optional.ofNullable(operation.getResponses().getAPIResponse("200"))
                .map(APIResponse::getContent)
                .map(content -> content.getMediaType("application/json"))
                .map(type -> type.getSchema().getRef())
                .filter(ref -> ref.contains("/Listing"))
                .isPresent();
    }

    private static Parameter query(String name, Schema.SchemaType type, String description) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.QUERY)
                .description(description)
                .schema(OASFactory.createSchema().addType(type));
    }
}
