package dev.moorage.http.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.administration.AuditPieces;
import dev.moorage.administration.AuditRecord;
import dev.moorage.administration.Listing;
import dev.moorage.http.AuditLines;
import dev.moorage.name.AuditAction;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the pages about the audit trails of the registry and of organizations show alike. */
@RequestScoped
class AuditPages {

    private final ConsoleRequest request;
    private final AuditLines lines;
    private final ObjectMapper json;

    AuditPages(ConsoleRequest request, AuditLines lines, ObjectMapper json) {
        this.request = request;
        this.lines = lines;
        this.json = json;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance audit(Frame frame, View view);
    }

    /**
     * What the page shows.
     *
     * @param organization whose trail it is; empty for the registry's
     * @param page its address
     * @param actions what can be asked for
     * @param next the address of the next rows
     * @param download the address of all rows in a file
     */
    record View(
            Optional<String> organization,
            String page,
            AuditQuery asked,
            List<String> actions,
            List<Row> rows,
            Optional<String> next,
            String download) {

        View {
            actions = List.copyOf(actions);
            rows = List.copyOf(rows);
        }
    }

    /** A row, and what more it says. */
    record Row(AuditRecord entry, List<Detail> details) {
        Row {
            details = List.copyOf(details);
        }
    }

    /** Something more that a row says. */
    record Detail(String name, String text) {}

    /** A page of rows. */
    TemplateInstance page(Optional<String> organization, AuditQuery asked, String page, Listing<AuditRecord> found) {
        return Pages.audit(
                request.frame(),
                new View(
                        organization,
                        page,
                        asked,
                        Stream.of(AuditAction.values()).map(AuditAction::text).toList(),
                        found.items().stream().map(this::row).toList(),
                        found.next()
                                .map(after ->
                                        asked.address(page).with("after", after).toString()),
                        asked.address(page + "/export").toString()));
    }

    private Row row(AuditRecord entry) {
        return new Row(
                entry,
                entry.detail().entrySet().stream()
                        .map(detail -> new Detail(detail.getKey(), text(detail.getValue())))
                        .toList());
    }

    private String text(Object value) {
        try {
            return value instanceof String said ? said : json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All rows in a file. */
    Response file(String name, AuditPieces pieces) {
        return Response.fromResponse(lines.of(pieces))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + ".jsonl\"")
                .build();
    }
}
