package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import dev.moorage.name.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be said of several descriptors together. */
final class Descriptors {

    private Descriptors() {}

    /** The first descriptor of each digest, in order. */
    static List<Descriptor> distinct(Stream<Descriptor> descriptors) {
        Map<Digest, Descriptor> byDigest = new LinkedHashMap<>();
        descriptors.forEach(descriptor -> byDigest.putIfAbsent(descriptor.digest(), descriptor));
        return List.copyOf(byDigest.values());
    }

    /** The sum of the sizes, each digest once; {@link Long#MAX_VALUE} where it would be more. */
    static long totalSize(Stream<Descriptor> descriptors) {
        long total = 0;
        for (Descriptor descriptor : distinct(descriptors)) {
            if (descriptor.size() > Long.MAX_VALUE - total) {
                return Long.MAX_VALUE;
            }
            total += descriptor.size();
        }
        return total;
    }
}
