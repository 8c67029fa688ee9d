package dev.moorage.http.ui;

import dev.moorage.administration.Largest;
import dev.moorage.administration.Quotas.OrganizationUsage;
import dev.moorage.administration.Storage;
import dev.moorage.administration.Storage.Blobs;
import dev.moorage.administration.Storage.Manifests;
import dev.moorage.administration.Storage.OrganizationStorage;
import dev.moorage.administration.Storage.RegistryReport;
import dev.moorage.administration.Storage.RegistryStorage;
import dev.moorage.administration.Storage.Report;
import dev.moorage.administration.Storage.Shared;
import dev.moorage.http.ui.Bars.Part;
import dev.moorage.name.Amount;
import dev.moorage.name.Quota;
import dev.moorage.name.StorageDay;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pages about storage show, made of what the use cases say. */
final class StorageView {

    private StorageView() {}

    /**
     * How things are kept, by the last report.
     *
     * @param tookSeconds how long it was counted
     * @param shared what several repositories link
     */
    record Kept(Instant computedAt, long tookSeconds, long bytes, List<Bars.Piece> pieces, Shared shared) {}

    /** Something with a bar beside those of the others. */
    record Bar(String name, Amount blobs, Amount manifests, long bytes, String length) {}

    /** How much of a quota is used. */
    record Use(String name, String used, String limit, String length, boolean over) {}

    /** What went by day, all days in the drawing and those on which something did in the table. */
    record Days(List<Bars.Column> columns, List<Bars.Column> told, long bytes) {}

    /** Of how many days it is drawn what was kept. */
    static final int DAYS_DRAWN = 90;

    /**
     * What was kept by day.
     *
     * @param columns all days in the drawing, those without a report without a column
     * @param told those with one, the newest first
     */
    record Growth(List<Bars.Column> columns, List<Bars.Column> told) {

        /** When the first of them was. */
        public LocalDate getSince() {
            return told.getLast().day();
        }

        /** When the last of them was. */
        public LocalDate getUntil() {
            return told.getFirst().day();
        }

        /** How many bytes there were on the first of them. */
        public long getFirst() {
            return told.getLast().amount().bytes();
        }

        /** How many bytes there were on the last of them. */
        public long getLast() {
            return told.getFirst().amount().bytes();
        }

        /** How many bytes there were at most. */
        public long getMost() {
            return told.stream()
                    .mapToLong(column -> column.amount().bytes())
                    .max()
                    .orElse(0);
        }
    }

    static Growth growth(List<StorageDay> days, LocalDate today) {
        Map<LocalDate, Amount> amounts = new HashMap<>();
        LocalDate first = today.minusDays(DAYS_DRAWN - 1L);
        days.stream()
                .filter(day -> !day.day().isBefore(first))
                .forEach(day -> amounts.put(day.day(), new Amount(1, day.bytes())));
        Days drawn = days(amounts, today, DAYS_DRAWN);
        return new Growth(drawn.columns(), drawn.told());
    }

    static Optional<Kept> kept(OrganizationStorage storage) {
        return storage.report().map(StorageView::kept);
    }

    static Optional<Kept> kept(RegistryStorage storage) {
        return storage.report().map(StorageView::kept);
    }

    private static Kept kept(Report report) {
        return kept(
                report.computedAt(),
                report.tookSeconds(),
                parts(report.blobs(), report.manifests(), report.uploads()),
                report.shared());
    }

    private static Kept kept(RegistryReport report) {
        List<Part> parts = new ArrayList<>(parts(report.blobs(), report.manifests(), report.uploads()));
        parts.add(new Part(
                "Removed from all repositories",
                "No blob names these objects of the store any more; they go soon.",
                report.tombstones(),
                "gone"));
        return kept(report.computedAt(), report.tookSeconds(), parts, report.shared());
    }

    private static Kept kept(Instant computedAt, long tookSeconds, List<Part> parts, Shared shared) {
        return new Kept(computedAt, tookSeconds, Bars.bytes(parts), Bars.stacked(parts), shared);
    }

    private static List<Part> parts(Blobs blobs, Manifests manifests, Amount uploads) {
        return List.of(
                new Part("Live layers and configs", "A manifest that can be pulled needs them.", blobs.live(), "live"),
                new Part(
                        "In undo windows",
                        "Only an undo would show them again, or a manifest that needs them.",
                        blobs.held(),
                        "held"),
                new Part(
                        "Leased",
                        "Nothing needs them yet, but they were pushed, or shown to a pusher, a short time ago.",
                        blobs.leased(),
                        "leased"),
                new Part(
                        "Reclaimable",
                        "Nothing keeps them: the collection takes them next.",
                        blobs.reclaimable(),
                        "reclaimable"),
                new Part("Live manifests", "They can be pulled.", manifests.live(), "manifests"),
                new Part(
                        "Manifests in undo windows",
                        "Only an undo would show them again.",
                        manifests.held(),
                        "manifests-held"),
                new Part(
                        "Reclaimable manifests",
                        "Nothing keeps them: the collection takes them next.",
                        manifests.reclaimable(),
                        "reclaimable"),
                new Part("Unfinished uploads", "Their bytes have come, their ends have not.", uploads, "uploads"));
    }

    static List<Use> quota(OrganizationUsage usage) {
        Quota quota = usage.quota();
        return List.of(
                new Use(
                        "Bytes",
                        Shown.bytes(usage.bytes()),
                        quota.bytes().map(Shown::bytes).orElse(""),
                        Bars.length(usage.bytes(), quota.bytes().orElse(0L)),
                        quota.bytes().filter(limit -> usage.bytes() > limit).isPresent()),
                new Use(
                        "Repositories",
                        Long.toString(usage.repositories()),
                        quota.repositories()
                                .map(limit -> Integer.toString(limit))
                                .orElse(""),
                        Bars.length(usage.repositories(), quota.repositories().orElse(0)),
                        quota.repositories()
                                .filter(limit -> usage.repositories() > limit)
                                .isPresent()));
    }

    static List<Bar> bars(List<Largest.Use> uses) {
        long longest = uses.stream().mapToLong(Largest.Use::bytes).max().orElse(0);
        return uses.stream()
                .map(use -> new Bar(
                        use.name(), use.blobs(), use.manifests(), use.bytes(), Bars.length(use.bytes(), longest)))
                .toList();
    }

    static Days reclaimed(OrganizationStorage storage, LocalDate today) {
        Map<LocalDate, Amount> days = new HashMap<>();
        storage.reclaimed()
                .forEach(day -> days.put(
                        day.day(),
                        new Amount(
                                day.blobs().items() + day.manifests().items(),
                                day.blobs().bytes() + day.manifests().bytes())));
        return days(days, today, Storage.DAYS);
    }

    static Days removed(RegistryStorage storage, LocalDate today) {
        Map<LocalDate, Amount> days = new HashMap<>();
        storage.removed().forEach(day -> days.put(day.day(), day.objects()));
        return days(days, today, Storage.DAYS);
    }

    private static Days days(Map<LocalDate, Amount> days, LocalDate today, int count) {
        List<Bars.Column> columns = Bars.columns(days, today, count);
        return new Days(
                columns,
                columns.reversed().stream()
                        .filter(column -> column.amount().items() > 0)
                        .toList(),
                columns.stream().mapToLong(column -> column.amount().bytes()).sum());
    }
}
