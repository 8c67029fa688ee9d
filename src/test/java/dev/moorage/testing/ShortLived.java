package dev.moorage.testing;

import java.util.List;

/** How programs of tests are started that do a little and end: half of what their start costs would be the compiler's work for later. */
public final class ShortLived {

    /** Options of the JVM; not for programs whose speed or memory is looked at. */
    public static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private ShortLived() {}
}
