package dev.moorage.lifecycle;

import dev.moorage.name.RetentionRule;
import java.util.List;

/**
 * What a retention policy says of a tag or a manifest.
 *
 * @param fate whether it stays
 * @param because the rule, or what else keeps it
 */
record Verdict(Fate fate, String because) {

    private static final int LONGEST_RULES = 300;

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

    /** The texts of rules one after the other, cut where they get long: the same is written for each of many tags. */
    static String rules(List<RetentionRule> rules, String joint) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules.size(); i++) {
            text.append(i == 0 ? "" : joint).append(rules.get(i).text());
            if (text.length() > LONGEST_RULES) {
                text.setLength(LONGEST_RULES - 1);
                int further = rules.size() - i - 1;
                return text + "…" + (further == 0 ? "" : " and " + further + " more");
            }
        }
        return text.toString();
    }

    boolean isDropped() {
        return fate == Fate.DROPPED;
    }
}
