package dev.moorage.event;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.WebhooksConfig;
import dev.moorage.drain.Drain;
import dev.moorage.event.WebhookCall.Answered;
import dev.moorage.event.WebhookCall.Letter;
import dev.moorage.metadata.DeliveryStore;
import dev.moorage.metadata.DeliveryStore.Turn;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.metadata.OutboxStore.HandedOut;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.WebhookStore;
import dev.moorage.metadata.WebhookStore.Target;
import dev.moorage.name.OrganizationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jboss.logging.Logger;

/**
 * Tells webhooks what happened: hands it out to those that want it, and gives each its turn.
 *
 * <p>All of it is rows, which any replica takes; a replica tells so many webhooks at once, and of one organization a quarter
 * of them, so that targets that hang hold up no other organization. One that is about to end takes none, and leaves those it has
 * after their present call.
 */
@ApplicationScoped
public class WebhookSender {

    private static final Logger LOG = Logger.getLogger(WebhookSender.class);
    private static final String OVERFLOW = "there was more to tell than may wait";
    private static final String TOO_OLD = "it was tried for too long";
    private static final int PIECE = 500;
    private static final int SHARE = 4;
    private static final int MOST_PINGS = 8;

    private final Transactions transactions;
    private final OutboxStore outbox;
    private final DeliveryStore deliveries;
    private final WebhookStore webhooks;
    private final WebhookTurn turns;
    private final WebhookCall call;
    private final Bodies bodies;
    private final Supplier<UUID> randomness;
    private final InstantSource time;
    private final Drain drain;
    private final WebhooksConfig config;
    private final Duration lease;
    private final Semaphore free;
    private final Semaphore pings = new Semaphore(MOST_PINGS);
    private final Set<OrganizationId> pinging = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<OrganizationId, Integer> busy = new ConcurrentHashMap<>();

    WebhookSender(
            Transactions transactions,
            OutboxStore outbox,
            DeliveryStore deliveries,
            WebhookStore webhooks,
            WebhookTurn turns,
            WebhookCall call,
            Bodies bodies,
            Supplier<UUID> randomness,
            InstantSource time,
            Drain drain,
            MoorageConfig config) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.turns = turns;
        this.call = call;
        this.bodies = bodies;
        this.randomness = randomness;
        this.time = time;
        this.drain = drain;
        this.config = config.webhooks();
        this.lease = WebhookTurn.lease(config);
        this.free = new Semaphore(config.webhooks().concurrency());
    }

    /** Hands out what happened and begins the turns that are due, as many as there is room for; it waits for none of them. */
    public void work() {
        HandedOut handed;
        do {
            handed = transactions.call(Durability.PROGRAM_END, tx -> outbox.handOut(tx, PIECE));
            for (OrganizationId organization : handed.organizations()) {
                inPieces(tx -> outbox.bound(tx, organization, config.mostWaiting(), OVERFLOW, PIECE));
            }
        } while (handed.messages() == PIECE && !drain.begun());
        while (!drain.begun() && free.tryAcquire()) {
            Optional<Turn> turn =
                    transactions.call(Durability.PROGRAM_END, tx -> deliveries.take(tx, atTheirShare(), lease));
            if (turn.isEmpty()) {
                free.release();
                return;
            }
            begin(turn.get());
        }
    }

    /** Gives up what waits for too long, and removes what ended long ago and what deleted webhooks leave. */
    public void tidy() {
        inPieces(tx -> deliveries.giveUp(tx, config.giveUpAfter(), TOO_OLD, PIECE));
        inPieces(tx -> deliveries.removeOld(tx, config.keep(), PIECE));
        boolean more;
        do {
            more = transactions.call(Durability.PROGRAM_END, tx -> webhooks.removeDeleted(tx, PIECE));
        } while (more && !drain.begun());
    }

    /**
     * What came of a message that says nothing.
     *
     * @param delivered whether the target took it
     * @param status what it answered
     * @param because why it does not count as taken, in words of the registry
     */
    public record Pinged(boolean delivered, Optional<Integer> status, Optional<String> because) {}

    /** Sends a webhook a message that says nothing, now and once; for one organization one at once. */
    public Pinged ping(OrganizationId organization, Target target) {
        if (!pinging.add(organization)) {
            return tooMany();
        }
        try {
            return sent(organization, target);
        } finally {
            pinging.remove(organization);
        }
    }

    private static Pinged tooMany() {
        return new Pinged(false, Optional.empty(), Optional.of("too many calls at once"));
    }

    private Pinged sent(OrganizationId organization, Target target) {
        if (!pings.tryAcquire()) {
            return tooMany();
        }
        try {
            UUID id = randomness.get();
            Answered answered = call.send(
                    organization,
                    target,
                    new Letter(
                            id,
                            id,
                            "ping",
                            bodies.ping(target.format(), target.organization(), target.name(), id, time.instant())));
            return new Pinged(answered.because().isEmpty(), answered.status(), answered.because());
        } finally {
            pings.release();
        }
    }

    private List<OrganizationId> atTheirShare() {
        int share = Math.max(1, config.concurrency() / SHARE);
        return busy.entrySet().stream()
                .filter(entry -> entry.getValue() >= share)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void begin(Turn turn) {
        busy.merge(turn.organization(), 1, Integer::sum);
        Drain.Work work = drain.background();
        Thread.ofVirtual().name("webhook").start(() -> {
            try {
                turns.take(turn);
            } catch (RuntimeException e) {
                // The lease ends by itself, and the next one tells what is left.
                if (!drain.begun()) {
                    LOG.warnf("A turn of a webhook ended early: %s", e.getMessage());
                }
            } finally {
                busy.computeIfPresent(turn.organization(), (_, count) -> count == 1 ? null : count - 1);
                free.release();
                work.close();
            }
        });
    }

    private void inPieces(ToIntFunction<Transaction> piece) {
        int done;
        do {
            done = transactions.call(Durability.PROGRAM_END, piece::applyAsInt);
        } while (done >= PIECE && !drain.begun());
    }
}
