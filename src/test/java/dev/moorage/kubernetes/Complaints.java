package dev.moorage.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is wrong with one thing. */
final class Complaints {

    private final String of;
    private final List<String> found = new ArrayList<>();

    Complaints(String of) {
        this.of = of;
    }

    void unless(boolean right, String complaint) {
        if (!right) {
            found.add(of + " " + complaint);
        }
    }

    Stream<String> stream() {
        return found.stream();
    }
}
