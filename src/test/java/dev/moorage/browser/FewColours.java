package dev.moorage.browser;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Pictures of pages in 256 of their colours: half as large, and no eye sees the difference. */
final class FewColours {

    private static final int MOST = 256;
    private static final int ALIKE = 200;
    private static final int BITS = 8;
    private static final int CHANNEL = 0xff;

    private FewColours() {}

    /** Writes a picture in a PNG again with fewer colours. */
    static void write(byte[] png, Path file) {
        try {
            ImageIO.write(indexed(ImageIO.read(new ByteArrayInputStream(png))), "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage indexed(BufferedImage picture) {
        List<Integer> colours = most(picture);
        BufferedImage indexed = new BufferedImage(
                picture.getWidth(),
                picture.getHeight(),
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(
                        BITS, colours.size(), channel(colours, 2), channel(colours, 1), channel(colours, 0)));
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int index = nearest.computeIfAbsent(picture.getRGB(x, y), colour -> nearest(colours, colour));
                indexed.getRaster().setSample(x, y, 0, index);
            }
        }
        return indexed;
    }

    private static List<Integer> most(BufferedImage picture) {
        Map<Integer, Long> times = IntStream.range(0, picture.getHeight())
                .boxed()
                .flatMap(y -> IntStream.range(0, picture.getWidth()).mapToObj(x -> picture.getRGB(x, y)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<Integer> colours = new ArrayList<>();
        times.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                // What hardly differs leaves room for what is rare, as a green word.
                .filter(colour -> colours.stream().noneMatch(other -> distance(other, colour) < ALIKE))
                .limit(MOST)
                .forEach(colours::add);
        return colours;
    }

    private static byte[] channel(List<Integer> colours, int which) {
        byte[] values = new byte[colours.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) channel(colours.get(i), which);
        }
        return values;
    }

    private static int nearest(List<Integer> colours, int colour) {
        int nearest = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.size(); i++) {
            int distance = distance(colours.get(i), colour);
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    private static int distance(int one, int other) {
        int distance = 0;
        for (int which = 0; which < 3; which++) {
            int difference = channel(one, which) - channel(other, which);
            distance += difference * difference;
        }
        return distance;
    }

    private static int channel(int colour, int which) {
        return (colour >> (BITS * which)) & CHANNEL;
    }
}
