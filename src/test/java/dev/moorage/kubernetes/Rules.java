package dev.moorage.kubernetes;

import java.util.List;
import java.util.stream.Stream;

/** Everything that is asked of an installation as a whole. */
final class Rules {

    private Rules() {}

    /** What is amiss, in sentences; none where all is well. */
    static List<String> complaints(Installation installation) {
        return Stream.of(
                        PodRules.complaints(installation),
                        WiringRules.complaints(installation),
                        SettingRules.complaints(installation),
                        NetworkRules.complaints(installation))
                .flatMap(found -> found)
                .toList();
    }
}
