package dev.moorage.manifest;

import java.util.Map;

/** What the configuration of an artifact says that is no image, such as a chart's. */
public final class ForeignConfig {

    private ForeignConfig() {}

    /** The texts and numbers of its outermost level, in their order; none where it is no JSON object or too long. */
    public static Map<String, String> read(byte[] json) {
        return ConfigReader.scalars(json);
    }
}
