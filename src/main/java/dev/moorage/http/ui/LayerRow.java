package dev.moorage.http.ui;

import dev.moorage.manifest.ImageConfig.Step;
import dev.moorage.registry.Inspection.LayerPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A layer, drawn to scale.
 *
 * @param number its place from below, 1 or more
 * @param piece what the manifest says of it
 * @param offset where it begins in a drawing of all, in percent
 * @param width how wide it is there, in percent
 * @param shade by what it is told from its neighbours
 * @param command what made it
 * @param title what it is called, as artifacts call their files
 */
record LayerRow(
        int number,
        LayerPiece piece,
        String offset,
        String width,
        String shade,
        Optional<String> command,
        Optional<String> title) {

    /** How many are drawn. */
    static final int MOST = 500;

    private static final String NOTHING_DONE = "/bin/sh -c #(nop) ";
    private static final String TITLE = "org.opencontainers.image.title";

    /** The first layers. */
    static List<LayerRow> of(List<LayerPiece> layers) {
        double total =
                layers.stream().mapToDouble(layer -> (double) layer.size()).sum();
        List<LayerRow> rows = new ArrayList<>();
        double before = 0;
        for (LayerPiece layer : layers.subList(0, Math.min(layers.size(), MOST))) {
            rows.add(new LayerRow(
                    rows.size() + 1,
                    layer,
                    percent(before, total),
                    percent((double) layer.size(), total),
                    rows.size() % 2 == 0 ? "one" : "two",
                    layer.step().flatMap(Step::createdBy).map(LayerRow::command),
                    Optional.ofNullable(layer.annotations().get(TITLE))));
            before += (double) layer.size();
        }
        return rows;
    }

    /** Whether the command is so long that only its beginning is shown at first. */
    public boolean isLong() {
        return command.filter(text -> text.length() > 120).isPresent();
    }

    /** The beginning of the command. */
    public String beginning() {
        return command.map(text -> text.substring(
                        0, text.offsetByCodePoints(0, Math.min(100, text.codePointCount(0, text.length())))))
                .orElse("");
    }

    /** A command as whoever wrote the build file wrote it. */
    static String command(String createdBy) {
        String text = createdBy.startsWith(NOTHING_DONE) ? createdBy.substring(NOTHING_DONE.length()) : createdBy;
        return text.strip();
    }

    private static String percent(double part, double whole) {
        return String.format(Locale.ROOT, "%.3f%%", whole == 0 ? 0 : part * 100 / whole);
    }
}
