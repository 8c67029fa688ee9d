package dev.moorage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.administration.StoredImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of images, as people and scripts read them. */
class ImageFormatTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final String ID = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @Test
    void tableHasALineForEachTagAndOneForAnImageWithout() {
        assertThat(lines(ImageFormat.TABLE, image(List.of("v1", "latest")), image(List.of())))
                .containsExactly(
                        "REPOSITORY   TAG      IMAGE ID       CREATED        SIZE",
                        "acme/web     v1       0123456789ab   2 months ago   12.3MB",
                        "acme/web     latest   0123456789ab   2 months ago   12.3MB",
                        "acme/web     <none>   0123456789ab   2 months ago   12.3MB");
    }

    @Test
    void headingIsThereOnceAndAlsoWhereThereIsNothing() {
        ImageFormat format = ImageFormat.parse(ImageFormat.TABLE).orElseThrow();
        assertThat(format.lines(List.of(), ImageFormat.Ids.SHORT, NOW)).hasSize(1);
        assertThat(format.lines(List.of(image(List.of("v1"))), ImageFormat.Ids.SHORT, NOW))
                .singleElement()
                .asString()
                .startsWith("acme/web     v1");
    }

    @Test
    void templateIsFilledAndKnowsTabs() {
        assertThat(lines("{{.Repository}}:{{ .Tag }}\\t{{.Platforms}}", image(List.of("v1"))))
                .containsExactly("acme/web:v1\tlinux/amd64,linux/arm64");
        assertThat(lines("no field", image(List.of("v1")))).containsExactly("no field");
    }

    @Test
    void jsonIsAnObjectALine() {
        assertThat(lines("json", image(List.of("v1"))).getFirst())
                .startsWith("{\"Repository\":\"acme/web\",\"Tag\":\"v1\",\"Digest\":\"" + ID + "\"");
    }

    @Test
    void idsAreWholeWhereTheyAreAskedFor() {
        assertThat(ImageFormat.parse("{{.ID}}")
                        .orElseThrow()
                        .lines(List.of(image(List.of("v1"))), ImageFormat.Ids.WHOLE, NOW))
                .containsExactly(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{.Name}}", "{{json .}}", "{{.Repository", "table {{.Absent}}"})
    void whatIsNoFormatIsNone(String text) {
        assertThat(ImageFormat.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "999,999B", "1000,1kB", "1234,1.23kB", "12345678,12.3MB", "100000000,100MB", "1999999999,2GB"})
    void sizeHasThreeDigits(long bytes, String text) {
        assertThat(ImageLine.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,Less than a second ago",
        "1,1 second ago",
        "59,59 seconds ago",
        "60,About a minute ago",
        "3599,59 minutes ago",
        "3600,About an hour ago",
        "172799,47 hours ago",
        "172800,2 days ago",
        "1209600,2 weeks ago",
        "5184000,2 months ago",
        "63072000,2 years ago"
    })
    void ageIsSaidInWords(long seconds, String text) {
        assertThat(ImageLine.since(NOW.minusSeconds(seconds), NOW)).isEqualTo(text);
    }

    private static List<String> lines(String format, StoredImage... images) {
        return ImageFormat.parse(format).orElseThrow().lines(List.of(images), ImageFormat.Ids.SHORT, NOW);
    }

    private static StoredImage image(List<String> tags) {
        return new StoredImage(
                "acme/web",
                tags,
                ID,
                "application/vnd.oci.image.index.v1+json",
                Optional.empty(),
                Optional.of(ID),
                12_345_678,
                Optional.of(NOW.minus(Duration.ofDays(70))),
                NOW,
                Optional.empty(),
                0,
                List.of("linux/amd64", "linux/arm64"),
                false,
                Optional.empty());
    }
}
