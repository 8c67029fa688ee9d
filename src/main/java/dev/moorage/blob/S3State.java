package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/**
 * Where the bytes before a resume point are: in equal parts of a multipart upload, and behind them in one object, the tail.
 *
 * @param target the key that becomes the blob's
 * @param multipart the upload that holds the parts; empty where all bytes are in the tail
 * @param tail the object with the bytes behind the parts; empty where there are none
 * @param completing the size of the whole object, once the parts may have been put together
 */
record S3State(BlobKey target, Optional<Multipart> multipart, Optional<Tail> tail, OptionalLong completing) {

    private static final String VERSION = "s3/1";
    private static final String NOTHING = "-";

    S3State {
        if (multipart.isEmpty() && completing.isPresent()) {
            throw new IllegalArgumentException("only parts can be put together");
        }
    }

    /**
     * A multipart upload.
     *
     * @param id how the store calls it
     * @param partSize the size of each part, but for the last one of a complete object
     * @param reserved the highest part number that this or an earlier request may have used
     * @param parts what the store has acknowledged, in order
     */
    record Multipart(String id, long partSize, int reserved, List<Part> parts) {

        Multipart {
            if (id.isEmpty() || id.indexOf(' ') >= 0 || partSize < 1) {
                throw new IllegalArgumentException("no multipart upload");
            }
            parts = List.copyOf(parts);
        }

        Multipart reserving(int number) {
            return new Multipart(id, partSize, number, parts);
        }
    }

    /**
     * A part.
     *
     * @param number its number, ascending but not without gaps
     * @param tag the entity tag that the store gave
     */
    record Part(int number, String tag) {}

    /**
     * An object with the last bytes.
     *
     * @param key where it is
     * @param length the number of its bytes
     * @param sha256 their SHA-256, in hexadecimal digits
     */
    record Tail(BlobKey key, long length, String sha256) {}

    /** The number of bytes that it tells the place of. */
    long length() {
        return multipart
                        .map(upload -> upload.partSize() * upload.parts().size())
                        .orElse(0L)
                + tail.map(Tail::length).orElse(0L);
    }

    String text() {
        StringJoiner words = new StringJoiner(" ").add(VERSION).add(target.value());
        words.add(tail.map(t -> t.key() + "," + t.length() + ',' + t.sha256()).orElse(NOTHING));
        words.add(completing.isPresent() ? Long.toString(completing.getAsLong()) : NOTHING);
        multipart.ifPresent(upload -> {
            words.add(upload.id()).add(upload.partSize() + "," + upload.reserved());
            upload.parts().forEach(part -> words.add(part.number() + ":" + part.tag()));
        });
        return words.toString();
    }

    /** Reads a state; empty for everything that {@link #text} has not made. */
    static Optional<S3State> parse(String text) {
        try {
            String[] words = text.split(" ", -1);
            if (words.length < 4 || words.length == 5 || !words[0].equals(VERSION)) {
                return Optional.empty();
            }
            return Optional.of(new S3State(
                    new BlobKey(words[1]),
                    words.length == 4 ? Optional.empty() : Optional.of(multipart(words)),
                    words[2].equals(NOTHING) ? Optional.empty() : Optional.of(tail(words[2])),
                    words[3].equals(NOTHING) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(words[3]))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException anotherForm) {
            return Optional.empty();
        }
    }

    private static Multipart multipart(String[] words) {
        String[] numbers = words[5].split(",", -1);
        List<Part> parts = new ArrayList<>();
        for (int i = 6; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            parts.add(new Part(Integer.parseInt(words[i].substring(0, colon)), words[i].substring(colon + 1)));
        }
        return new Multipart(words[4], Long.parseLong(numbers[0]), Integer.parseInt(numbers[1]), parts);
    }

    private static Tail tail(String word) {
        String[] fields = word.split(",", -1);
        return new Tail(new BlobKey(fields[0]), Long.parseLong(fields[1]), fields[2]);
    }
}
