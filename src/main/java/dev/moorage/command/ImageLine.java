package dev.moorage.command;

import dev.moorage.administration.StoredImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a line of the list says of an image, in words for people. */
final class ImageLine {

    private static final int SHORT_ID = 12;
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");

    private ImageLine() {}

    /** The fields of a line by their names. */
    static Map<String, String> fields(StoredImage image, String tag, ImageFormat.Ids ids, Instant now) {
        String id = image.imageId().orElse(image.digest());
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Repository", image.repository());
        fields.put("Tag", tag);
        fields.put("Digest", image.digest());
        fields.put("ID", ids == ImageFormat.Ids.WHOLE ? id : shortened(id));
        fields.put(
                "CreatedSince",
                image.imageCreatedAt().map(created -> since(created, now)).orElse("N/A"));
        fields.put("CreatedAt", image.imageCreatedAt().map(Instant::toString).orElse("N/A"));
        fields.put("PushedAt", image.pushedAt().toString());
        fields.put("LastPulledAt", image.lastPulledAt().map(Instant::toString).orElse("N/A"));
        fields.put("Pulls", Long.toString(image.pulls()));
        fields.put("Platforms", String.join(",", image.platforms()));
        fields.put("Size", size(image.size()));
        return fields;
    }

    private static String shortened(String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return hex.substring(0, Math.min(SHORT_ID, hex.length()));
    }

    /** A size in three digits, by powers of 1000. */
    static String size(long bytes) {
        int unit = 0;
        BigDecimal number = BigDecimal.valueOf(bytes);
        while (number.compareTo(BigDecimal.valueOf(1000)) >= 0 && unit < UNITS.size() - 1) {
            number = number.movePointLeft(3);
            unit++;
        }
        return number.round(new MathContext(3, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros()
                        .toPlainString()
                + UNITS.get(unit);
    }

    /** How long ago something was, as one says it. */
    static String since(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        long hours = age.toHours();
        if (age.toSeconds() < 1) {
            return "Less than a second ago";
        }
        if (age.toMinutes() < 1) {
            return some(age.toSeconds(), "second");
        }
        if (hours < 1) {
            return age.toMinutes() == 1 ? "About a minute ago" : some(age.toMinutes(), "minute");
        }
        if (hours < 48) {
            return hours == 1 ? "About an hour ago" : some(hours, "hour");
        }
        long days = age.toDays();
        if (days < 14) {
            return some(days, "day");
        }
        if (days < 60) {
            return some(days / 7, "week");
        }
        return days < 730 ? some(days / 30, "month") : some(days / 365, "year");
    }

    private static String some(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s") + " ago";
    }
}
