package dev.moorage.http.ui;

import dev.moorage.name.RepositoryName;
import io.quarkus.qute.TemplateExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How pages write sizes, times, digests and addresses. */
@TemplateExtension(namespace = "shown")
final class Shown {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB");
    private static final int DIGITS = 12;
    private static final int FIRST = 10;

    private Shown() {}

    /** A number of bytes, in decimal units with three digits. */
    static String bytes(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= 999.5 && unit < UNITS.size() - 1) {
            rest /= 1000;
            unit++;
        }
        String format = unit == 0 || rest >= 99.95 ? "%.0f %s" : rest >= 9.995 ? "%.1f %s" : "%.2f %s";
        return format.formatted(rest, UNITS.get(unit));
    }

    /** A time, to the minute, in UTC. */
    static String time(Instant time) {
        return MINUTE.format(time);
    }

    /** Whether an artifact is a container image, of which nobody needs to be told what it is. */
    static boolean usual(String artifactType) {
        return Artifact.of(artifactType, Optional.empty()) == Artifact.IMAGE;
    }

    /** The first of some texts, where there may be many. */
    static List<String> first(List<String> texts) {
        return texts.subList(0, Math.min(texts.size(), FIRST));
    }

    /** How many texts there are behind the first. */
    static int more(List<String> texts) {
        return Math.max(0, texts.size() - FIRST);
    }

    /** The beginning of a digest, by which people know it. */
    static String digest(String digest) {
        int colon = digest.indexOf(':');
        return digest.substring(colon + 1, Math.min(digest.length(), colon + 1 + DIGITS));
    }

    /** A text as a part of an address, encoded. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The address of a repository's pages, to which what comes behind {@code /-} is added. */
    static String repository(String name) {
        return "/console/repositories/" + name + "/-";
    }

    /** The organization of a repository. */
    static String organizationOf(String repository) {
        return new RepositoryName(repository).organization().value();
    }

    /** The address of an organization's pages. */
    static String organization(String name) {
        return "/console/organizations/" + part(name);
    }

    /** What a manifest is, in a word, or by its own word for it. */
    static String kind(String mediaType, Optional<String> artifactType) {
        Artifact artifact = Artifact.of(mediaType, artifactType);
        return artifact == Artifact.OTHER ? artifactType.orElse(mediaType) : artifact.word();
    }
}
