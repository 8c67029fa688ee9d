package dev.moorage.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.administration.StoredImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How images are printed: a template of fields, with or without a heading and columns, or JSON. */
final class ImageFormat {

    /** The table, where nothing else is asked for. */
    static final String TABLE = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";

    private static final Pattern FIELD = Pattern.compile("\\{\\{\\s*\\.([A-Za-z]+)\\s*}}");
    private static final String COLUMNS = "table ";
    private static final String NONE = "<none>";
    private static final ObjectMapper JSON = new ObjectMapper();
    // What a column has at least: a page of lines does not know how wide those of the next one are.
    private static final int GAP = 3;

    private static final Map<String, String> HEADINGS = new LinkedHashMap<>();

    static {
        HEADINGS.put("Repository", "REPOSITORY");
        HEADINGS.put("Tag", "TAG");
        HEADINGS.put("Digest", "DIGEST");
        HEADINGS.put("ID", "IMAGE ID");
        HEADINGS.put("CreatedSince", "CREATED");
        HEADINGS.put("CreatedAt", "CREATED AT");
        HEADINGS.put("PushedAt", "PUSHED AT");
        HEADINGS.put("LastPulledAt", "LAST PULLED AT");
        HEADINGS.put("Pulls", "PULLS");
        HEADINGS.put("Platforms", "PLATFORMS");
        HEADINGS.put("Size", "SIZE");
    }

    private final String template;
    private final Kind kind;
    private final List<Integer> widths = new ArrayList<>();

    private enum Kind {
        LINES,
        COLUMNS,
        JSON
    }

    /** Whether ids are cut as docker cuts them. */
    enum Ids {
        SHORT,
        WHOLE
    }

    private ImageFormat(String template, Kind kind) {
        this.template = template;
        this.kind = kind;
    }

    /** Reads a format; empty where it is none. */
    static Optional<ImageFormat> parse(String text) {
        if (text.equals("json")) {
            return Optional.of(new ImageFormat("", Kind.JSON));
        }
        boolean columns = text.startsWith(COLUMNS);
        String template = (columns ? text.substring(COLUMNS.length()) : text)
                .replace("\\t", "\t")
                .replace("\\n", "\n");
        boolean known = FIELD.matcher(template).results().allMatch(field -> HEADINGS.containsKey(field.group(1)));
        return known && !FIELD.matcher(template).replaceAll("").contains("{{")
                ? Optional.of(new ImageFormat(template, columns ? Kind.COLUMNS : Kind.LINES))
                : Optional.empty();
    }

    /** The lines of some images, a line for each tag; those of a table begin with its heading, once. */
    List<String> lines(List<StoredImage> images, Ids ids, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        if (kind == Kind.COLUMNS && widths.isEmpty()) {
            rows.add(cells(HEADINGS));
        }
        List<String> lines = new ArrayList<>();
        for (StoredImage image : images) {
            for (String tag : image.tags().isEmpty() ? List.of(NONE) : image.tags()) {
                Map<String, String> fields = ImageLine.fields(image, tag, ids, now);
                if (kind == Kind.JSON) {
                    lines.add(json(fields));
                } else {
                    rows.add(cells(fields));
                }
            }
        }
        widen(rows);
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private List<String> cells(Map<String, String> fields) {
        String text = FIELD.matcher(template)
                .replaceAll(field -> Matcher.quoteReplacement(fields.getOrDefault(field.group(1), "")));
        return List.of(text.split("\t", -1));
    }

    private void widen(List<List<String>> rows) {
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (widths.size() <= i) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
    }

    private String line(List<String> row) {
        if (kind == Kind.LINES) {
            return String.join("\t", row);
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i));
            if (i < row.size() - 1) {
                line.repeat(' ', widths.get(i) + GAP - row.get(i).length());
            }
        }
        return line.toString();
    }

    private static String json(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
