package dev.moorage.event;

import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.event.WebhookCall.Answered;
import dev.moorage.event.WebhookCall.Letter;
import dev.moorage.metadata.Delivery;
import dev.moorage.metadata.DeliveryStore;
import dev.moorage.metadata.DeliveryStore.Rest;
import dev.moorage.metadata.DeliveryStore.Scope;
import dev.moorage.metadata.DeliveryStore.Turn;
import dev.moorage.metadata.DeliveryStore.Waits;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.WebhookStore;
import dev.moorage.metadata.WebhookStore.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Tells one webhook what waits for it, for a while: of each repository one thing after the other, of some repositories at once.
 *
 * <p>No transaction is open while it is called. What was told is written down after its answer: whoever dies between the two
 * leaves it to be told again.
 */
@ApplicationScoped
class WebhookTurn {

    private static final Logger LOG = Logger.getLogger(WebhookTurn.class);

    /** How many calls one webhook gets at once. */
    static final int AT_ONCE = 2;

    // Then it is another one's turn.
    private static final Duration LONGEST = Duration.ofSeconds(10);
    // What the database and the lookup of a name may take beside the call.
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int LOOKED_AT = 500;

    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final WebhookStore webhooks;
    private final WebhookCall call;
    private final Bodies bodies;
    private final Backoff backoff;
    private final Drain drain;
    private final Duration lease;

    WebhookTurn(
            Transactions transactions,
            DeliveryStore deliveries,
            WebhookStore webhooks,
            WebhookCall call,
            Bodies bodies,
            Drain drain,
            MoorageConfig config) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.call = call;
        this.bodies = bodies;
        this.drain = drain;
        this.backoff = Backoff.of(config.webhooks());
        this.lease = lease(config);
    }

    /** How long a webhook is taken for: if its worker dies, the next one has it after this. */
    static Duration lease(MoorageConfig config) {
        return config.webhooks().timeout().plus(MARGIN);
    }

    /** What came of a turn. */
    private enum Told {
        NOTHING_WAITED,
        ALL_FAILED,
        SOME,
        /** What came of something could not be written down. */
        BROKEN
    }

    /** Tells a webhook that was taken, and lets it go. */
    void take(Turn turn) {
        Optional<Target> target = transactions.read(tx -> webhooks.target(tx, turn.organization(), turn.webhook()));
        Told told = Told.NOTHING_WAITED;
        if (target.filter(Target::told).isPresent()) {
            Scope scope = scope(target.get());
            long end = System.nanoTime() + LONGEST.toNanos();
            List<Delivery> heads = heads(turn, scope);
            while (!heads.isEmpty()) {
                told = worse(told, tell(turn, target.get(), heads));
                if (told == Told.ALL_FAILED
                        || told == Told.BROKEN
                        || drain.begun()
                        || System.nanoTime() - end >= 0
                        || !renew(turn)) {
                    break;
                }
                heads = heads(turn, scope);
            }
        }
        release(turn, target, told);
    }

    private static Told worse(Told before, Told now) {
        return before == Told.SOME && now != Told.BROKEN ? before : now;
    }

    private List<Delivery> heads(Turn turn, Scope scope) {
        return transactions.read(
                tx -> deliveries.heads(tx, turn.organization(), turn.webhook(), scope, LOOKED_AT, AT_ONCE));
    }

    private boolean renew(Turn turn) {
        return transactions.call(Durability.PROGRAM_END, tx -> deliveries.renew(tx, turn.organization(), turn, lease));
    }

    private Told tell(Turn turn, Target target, List<Delivery> heads) {
        AtomicInteger failed = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean();
        List<Thread> calls = heads.stream()
                .map(delivery -> Thread.ofVirtual().start(() -> {
                    try {
                        if (!tell(turn, target, delivery)) {
                            failed.incrementAndGet();
                        }
                    } catch (RuntimeException e) {
                        broken.set(true);
                        warn(delivery, e);
                    }
                }))
                .toList();
        calls.forEach(WebhookTurn::join);
        if (broken.get()) {
            return Told.BROKEN;
        }
        return failed.get() == heads.size() ? Told.ALL_FAILED : Told.SOME;
    }

    // Without its text, in which there may be the webhook's address.
    private static void warn(Delivery delivery, RuntimeException e) {
        LOG.warnf(
                "The delivery %s of a webhook broke off: %s",
                delivery.reference(), e.getClass().getName());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell(Turn turn, Target target, Delivery delivery) {
        if (!target.format().tells(delivery.message().kind())) {
            transactions.run(
                    Durability.PROGRAM_END,
                    tx -> deliveries.bury(
                            tx, turn.organization(), delivery, "the webhook's format has no words for it"));
            return true;
        }
        Answered answered = called(turn, target, delivery);
        if (!answered.wasTried()) {
            return false;
        }
        transactions.run(Durability.PROGRAM_END, tx -> {
            if (answered.because().isEmpty()) {
                deliveries.delivered(
                        tx, turn.organization(), delivery, answered.status().orElseThrow());
            } else {
                deliveries.failed(
                        tx,
                        turn.organization(),
                        delivery,
                        answered.status(),
                        answered.because().get(),
                        backoff.after(delivery.attempts() + 1, WebhookTurn::random));
            }
        });
        return answered.because().isEmpty();
    }

    /** Whatever cannot be sent has failed as others do, so that nothing waits behind it for ever. */
    private Answered called(Turn turn, Target target, Delivery delivery) {
        try {
            return call.send(turn.organization(), target, letter(target, delivery));
        } catch (RuntimeException e) {
            warn(delivery, e);
            return Answered.failed("it could not be sent");
        }
    }

    private Letter letter(Target target, Delivery delivery) {
        return new Letter(
                delivery.message().id(),
                delivery.reference(),
                delivery.message().kind().text(),
                bodies.of(target.format(), target.organization(), delivery.message()));
    }

    /** When nothing could be told the webhook as a whole pauses for a while, whatever else waits: its target may be away. */
    private void release(Turn turn, Optional<Target> target, Told told) {
        int failures =
                switch (told) {
                    case NOTHING_WAITED -> turn.failures();
                    case ALL_FAILED, BROKEN -> turn.failures() + 1;
                    case SOME -> 0;
                };
        transactions.run(Durability.PROGRAM_END, tx -> {
            if (!deliveries.hold(tx, turn.organization(), turn)) {
                return;
            }
            // In statements after the lock: what was handed out before it is seen, and what comes later wakes the
            // webhook.
            boolean ready = anyReady(tx, turn, Scope.EVERYTHING);
            boolean hears = target.filter(to -> to.told() && anyReady(tx, turn, scope(to)))
                    .isPresent();
            Waits waits = deliveries.waits(tx, turn.organization(), turn.webhook());
            Optional<OffsetDateTime> pause = told == Told.ALL_FAILED || told == Told.BROKEN
                    ? Optional.of(waits.now().plus(shorter(backoff.after(failures, WebhookTurn::random))))
                    : Optional.empty();
            Optional<OffsetDateTime> due =
                    ready ? Optional.of(hears ? waits.now() : waits.now().plus(LONGEST_PAUSE)) : waits.next();
            deliveries.release(
                    tx,
                    turn.organization(),
                    turn,
                    new Rest(due.map(at -> pause.filter(at::isBefore).orElse(at)), pause, failures));
        });
    }

    private boolean anyReady(Transaction transaction, Turn turn, Scope scope) {
        return !deliveries
                .heads(transaction, turn.organization(), turn.webhook(), scope, LOOKED_AT, 1)
                .isEmpty();
    }

    /** Of a deleted organization only what happened to itself is told: at last, that it was deleted. */
    private static Scope scope(Target target) {
        return target.lives() ? Scope.EVERYTHING : Scope.ORGANIZATION;
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE;
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
