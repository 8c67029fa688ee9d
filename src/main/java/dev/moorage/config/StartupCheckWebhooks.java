package dev.moorage.config;

import java.time.Duration;

/** Refuses settings of webhooks that cannot be meant. */
final class StartupCheckWebhooks {

    private static final String NAME = "moorage.webhooks.";
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);
    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_WAITING = 1_000_000;

    private StartupCheckWebhooks() {}

    static void check(WebhooksConfig webhooks) {
        StartupCheck.positive(NAME + "interval", webhooks.interval());
        StartupCheck.positive(NAME + "timeout", webhooks.timeout());
        StartupCheck.positive(NAME + "concurrency", webhooks.concurrency());
        StartupCheck.positive(NAME + "first-wait", webhooks.firstWait());
        StartupCheck.positive(NAME + "longest-wait", webhooks.longestWait());
        StartupCheck.positive(NAME + "give-up-after", webhooks.giveUpAfter());
        StartupCheck.positive(NAME + "most-waiting", webhooks.mostWaiting());
        StartupCheck.positive(NAME + "keep", webhooks.keep());
        if (webhooks.timeout().compareTo(LONGEST_CALL) > 0) {
            throw new StartupCheckFailed(
                    NAME + "timeout is %s, and must be %s at most.".formatted(webhooks.timeout(), LONGEST_CALL));
        }
        atMost("concurrency", webhooks.concurrency(), MOST_AT_ONCE);
        atMost("most-waiting", webhooks.mostWaiting(), MOST_WAITING);
        if (webhooks.longestWait().compareTo(webhooks.firstWait()) < 0) {
            throw new StartupCheckFailed(NAME
                    + "longest-wait is %s, and must not be below %sfirst-wait (%s)."
                            .formatted(webhooks.longestWait(), NAME, webhooks.firstWait()));
        }
    }

    private static void atMost(String setting, int value, int most) {
        if (value > most) {
            throw new StartupCheckFailed(NAME + "%s is %d, and must be %d at most.".formatted(setting, value, most));
        }
    }
}
