package dev.moorage.administration;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Writes a PNG anew (W3C, Portable Network Graphics): its header, palette and transparency, and its pixels unpacked and packed
 * again; nothing else of it.
 *
 * <p>How much the pixels take follows from the header, which is looked at first: a file that unpacks to more is refused before
 * it does.
 */
final class PngPicture {

    /** The most pixels in a row, and the most rows. */
    static final int MAX_SIDE = 512;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int HEADER = 13;
    private static final int LAST_FILTER = 4;
    private static final Set<String> KEPT = Set.of("PLTE", "tRNS");
    private static final int MAX_PALETTE = 768;

    /** Where the passes of an interlaced picture begin, and in which steps they go. */
    private static final List<Pass> PASSES = List.of(
            new Pass(0, 8, 0, 8),
            new Pass(4, 8, 0, 8),
            new Pass(0, 4, 4, 8),
            new Pass(2, 4, 0, 4),
            new Pass(0, 2, 2, 4),
            new Pass(1, 2, 0, 2),
            new Pass(0, 1, 1, 2));

    private static final List<Pass> ONE_PASS = List.of(new Pass(0, 1, 0, 1));

    private final ByteBuffer in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();

    private PngPicture(byte[] png) {
        this.in = ByteBuffer.wrap(png).position(SIGNATURE.length);
    }

    private record Pass(int left, int across, int top, int down) {

        int columns(int width) {
            return Math.max(0, (width - left + across - 1) / across);
        }

        int rows(int height) {
            return Math.max(0, (height - top + down - 1) / down);
        }
    }

    private record Header(int width, int height, int depth, int color, int interlace) {

        /** Bits of a pixel; empty where the format knows no such pixels. */
        Optional<Integer> bits() {
            return switch (color) {
                case 0 -> one(Set.of(1, 2, 4, 8, 16), 1);
                case 2 -> one(Set.of(8, 16), 3);
                case 3 -> one(Set.of(1, 2, 4, 8), 1);
                case 4 -> one(Set.of(8, 16), 2);
                case 6 -> one(Set.of(8, 16), 4);
                default -> Optional.empty();
            };
        }

        private Optional<Integer> one(Set<Integer> depths, int samples) {
            return depths.contains(depth) ? Optional.of(depth * samples) : Optional.empty();
        }

        List<Pass> passes() {
            return interlace == 0 ? ONE_PASS : PASSES;
        }
    }

    /** Whether bytes begin as a PNG does. */
    static boolean isPng(byte[] bytes) {
        return bytes.length >= SIGNATURE.length
                && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** The same picture in bytes of this program; 400 where it is none. */
    static byte[] rewritten(byte[] png) {
        return new PngPicture(png).rewritten();
    }

    private byte[] rewritten() {
        out.writeBytes(SIGNATURE);
        Header header = header(chunk("IHDR"));
        int bits = header.bits().orElseThrow(PngPicture::damaged);
        String name = "";
        while (!name.equals("IEND")) {
            name = copied();
        }
        write("IDAT", deflated(pixels(header, bits)));
        write("IEND", new byte[0]);
        return out.toByteArray();
    }

    private Header header(byte[] bytes) {
        if (bytes.length != HEADER) {
            throw damaged();
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        int width = fields.getInt();
        int height = fields.getInt();
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw IconImage.refused("this one is larger, or empty");
        }
        Header header = new Header(width, height, bytes[8], bytes[9], bytes[12]);
        if (bytes[10] != 0 || bytes[11] != 0 || bytes[12] < 0 || bytes[12] > 1) {
            throw damaged();
        }
        write("IHDR", bytes);
        return header;
    }

    /** Keeps a chunk, or leaves it out; answers its name. */
    private String copied() {
        ByteBuffer ahead = in.duplicate();
        if (ahead.remaining() < 2 * Integer.BYTES) {
            throw damaged();
        }
        ahead.getInt();
        byte[] letters = new byte[Integer.BYTES];
        ahead.get(letters);
        String name = new String(letters, StandardCharsets.ISO_8859_1);
        byte[] content = chunk(name);
        if (name.equals("IDAT")) {
            packed.writeBytes(content);
        } else if (KEPT.contains(name)) {
            if (content.length > MAX_PALETTE) {
                throw damaged();
            }
            write(name, content);
        }
        return name;
    }

    /** The content of the next chunk, which has this name and is whole. */
    private byte[] chunk(String name) {
        if (in.remaining() < 3 * Integer.BYTES) {
            throw damaged();
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining() - 2 * Integer.BYTES) {
            throw damaged();
        }
        byte[] whole = new byte[Integer.BYTES + length];
        in.get(whole);
        CRC32 sum = new CRC32();
        sum.update(whole);
        if ((int) sum.getValue() != in.getInt()
                || !name.equals(new String(whole, 0, Integer.BYTES, StandardCharsets.ISO_8859_1))) {
            throw damaged();
        }
        return Arrays.copyOfRange(whole, Integer.BYTES, whole.length);
    }

    /** All rows with their filters, as many as the header says and not a byte more. */
    private byte[] pixels(Header header, int bits) {
        int size = 0;
        for (Pass pass : header.passes()) {
            size += pass.columns(header.width()) == 0 ? 0 : pass.rows(header.height()) * row(header, pass, bits);
        }
        byte[] pixels = inflated(size);
        int at = 0;
        for (Pass pass : header.passes()) {
            int rows = pass.columns(header.width()) == 0 ? 0 : pass.rows(header.height());
            for (int i = 0; i < rows; i++) {
                if (pixels[at] < 0 || pixels[at] > LAST_FILTER) {
                    throw damaged();
                }
                at += row(header, pass, bits);
            }
        }
        return pixels;
    }

    private static int row(Header header, Pass pass, int bits) {
        return 1 + (pass.columns(header.width()) * bits + 7) / 8;
    }

    private byte[] inflated(int size) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed.toByteArray());
            byte[] pixels = new byte[size + 1];
            int read = 0;
            while (read < pixels.length && !inflater.finished()) {
                int more = inflater.inflate(pixels, read, pixels.length - read);
                if (more == 0 && !inflater.finished()) {
                    throw damaged();
                }
                read += more;
            }
            if (read != size) {
                throw damaged();
            }
            return Arrays.copyOf(pixels, size);
        } catch (DataFormatException _) {
            throw damaged();
        } finally {
            inflater.end();
        }
    }

    private static byte[] deflated(byte[] pixels) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(pixels);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private void write(String name, byte[] content) {
        byte[] letters = name.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(letters);
        sum.update(content);
        out.writeBytes(number(content.length));
        out.writeBytes(letters);
        out.writeBytes(content);
        out.writeBytes(number((int) sum.getValue()));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static RuntimeException damaged() {
        return IconImage.refused("this PNG is damaged, or none");
    }
}
