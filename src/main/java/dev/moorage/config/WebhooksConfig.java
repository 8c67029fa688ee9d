package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How webhooks are told what happened: {@code moorage.webhooks.*}. */
public interface WebhooksConfig {

    /** How often it is looked for what is to be told. */
    @WithDefault("1s")
    Duration interval();

    /** How long a call of a webhook may take; 30 seconds at most. */
    @WithDefault("10s")
    Duration timeout();

    /** How many webhooks a replica tells at once, of one organization a quarter of them; 32 at most. */
    @WithDefault("12")
    int concurrency();

    /** How long it waits before it tells something again that failed; each further wait is about twice as long. */
    @WithDefault("5s")
    Duration firstWait();

    /** How long it waits at most between two attempts. */
    @WithDefault("1h")
    Duration longestWait();

    /** How long it is tried to tell something; then it is a dead letter, which can be sent again by hand. */
    @WithDefault("24h")
    Duration giveUpAfter();

    /** How many things may wait to be told to the webhooks of one organization; above that the oldest are dead letters, of which as many are kept. */
    @WithDefault("10000")
    int mostWaiting();

    /** How long it is kept what was told, and what was not. */
    @WithDefault("7d")
    Duration keep();
}
