package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.administration.PresentationService.Picture;
import dev.moorage.error.AdministrationException.Invalid;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IconImageTest {

    private static final String SVG = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9\"/></svg>";

    @Property(tries = 100)
    void pngIsTheSamePictureInOtherBytes(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll("types") int type)
            throws IOException {
        BufferedImage drawn = new BufferedImage(width, height, type);
        Random random = new Random(width * 41L + height);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                drawn.setRGB(x, y, random.nextInt());
            }
        }
        byte[] png = png(drawn);
        Picture picture = IconImage.of(with(png, "tEXt", "Comment\0<script>".getBytes(StandardCharsets.UTF_8)));

        assertThat(picture.mediaType()).isEqualTo("image/png");
        assertThat(new String(picture.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("script", "tEXt");
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(picture.bytes()));
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(png));
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                assertThat(read.getRGB(x, y)).isEqualTo(expected.getRGB(x, y));
            }
        }
    }

    @Provide
    Arbitrary<Integer> types() {
        return Arbitraries.of(
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_USHORT_GRAY);
    }

    @Test
    void whatStandsBehindThePngIsLeftOut() throws IOException {
        byte[] png = png(new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB));
        byte[] more = Arrays.copyOf(png, png.length + 100);
        Arrays.fill(more, png.length, more.length, (byte) '<');
        assertThat(IconImage.of(more).bytes()).isEqualTo(IconImage.of(png).bytes());
    }

    @Test
    void pngThatUnpacksToMoreThanItsHeaderSaysIsRefused() {
        byte[] bomb = made(4, 4, new byte[30_000_000]);
        assertThat(bomb.length).isLessThan(IconImage.MAX_BYTES);
        assertThatThrownBy(() -> IconImage.of(bomb)).isInstanceOf(Invalid.class).hasMessageContaining("damaged");
        assertThatThrownBy(() -> IconImage.of(made(4, 4, new byte[3]))).hasMessageContaining("damaged");
        assertThatThrownBy(() -> IconImage.of(made(513, 1, new byte[0]))).hasMessageContaining("larger");
        assertThatThrownBy(() -> IconImage.of(made(Integer.MAX_VALUE, Integer.MAX_VALUE, new byte[0])))
                .hasMessageContaining("larger");
        assertThatThrownBy(() -> IconImage.of(made(0, 0, new byte[0]))).hasMessageContaining("larger");
    }

    @Property(tries = 500)
    void damagedPngIsRefusedOrIsAPicture(@ForAll @IntRange(min = 0, max = 90) int at, @ForAll byte other)
            throws IOException {
        byte[] png = png(new BufferedImage(5, 5, BufferedImage.TYPE_INT_ARGB));
        png[Math.min(at, png.length - 1)] = other;
        try {
            assertThat(IconImage.of(png).bytes()).isNotEmpty();
        } catch (Invalid refusal) {
            assertThat(refusal.field()).contains("icon");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SVG,
                "<?xml version=\"1.0\"?>\n" + SVG,
                "<?xml version=\"1.0\"?>\n<!-- made by hand -->\n\n<!-- twice -->" + SVG
            })
    void svgIsTakenAsItIs(String svg) {
        Picture picture = IconImage.of(svg.getBytes(StandardCharsets.UTF_8));
        assertThat(picture.mediaType()).isEqualTo("image/svg+xml");
        assertThat(new String(picture.bytes(), StandardCharsets.UTF_8)).isEqualTo(svg);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "<html xmlns=\"http://www.w3.org/1999/xhtml\"><svg xmlns=\"http://www.w3.org/2000/svg\"/></html>",
                "<svg/>",
                "<!DOCTYPE svg [<!ENTITY a \"b\">]>" + SVG,
                "<?xml version=\"1.0\"?><!doctype svg>" + SVG,
                "<!-- " + SVG,
                "GIF89a",
                "\u0089PNG"
            })
    void whatIsNoPictureIsRefused(String text) {
        assertThatThrownBy(() -> IconImage.of(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> IconImage.of(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void largeFileIsRefused() {
        assertThatThrownBy(() -> IconImage.of((SVG + " ".repeat(IconImage.MAX_BYTES)).getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("65536");
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    /** A PNG with a further chunk behind its header. */
    private static byte[] with(byte[] png, String name, byte[] content) {
        int header = 8 + 25;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(png, 0, header);
        out.writeBytes(chunk(name, content));
        out.write(png, header, png.length - header);
        return out.toByteArray();
    }

    /** A PNG of grey pixels whose header may lie. */
    private static byte[] made(int width, int height, byte[] pixels) {
        Deflater deflater = new Deflater();
        deflater.setInput(pixels);
        deflater.finish();
        byte[] packed = new byte[100_000];
        int length = deflater.deflate(packed);
        deflater.end();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.writeBytes(chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 0, 0, 0, 0})
                        .array()));
        out.writeBytes(chunk("IDAT", Arrays.copyOf(packed, length)));
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private static byte[] chunk(String name, byte[] content) {
        byte[] letters = name.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(letters);
        sum.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(letters)
                .put(content)
                .putInt((int) sum.getValue())
                .array();
    }
}
