package dev.moorage.lifecycle;

/**
 * What a retention policy says of a tag or a manifest.
 *
 * @param fate whether it stays
 * @param because the rule, or what else keeps it
 */
record Verdict(Fate fate, String because) {

    /** Whether something stays. */
    enum Fate {
        KEPT,
        DROPPED
    }

    static Verdict kept(String because) {
        return new Verdict(Fate.KEPT, because);
    }

    static Verdict dropped(String because) {
        return new Verdict(Fate.DROPPED, because);
    }

    boolean isDropped() {
        return fate == Fate.DROPPED;
    }
}
