package dev.moorage.outbound;

import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.name.OrganizationId;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up names for those who write addresses down, in threads that nothing else waits for: of one organization a few at
 * once, as nobody can end a lookup but who was asked.
 */
final class Lookups {

    /** How many lookups of one organization are under way at once. */
    static final int OF_ONE = 2;

    private final ThreadPoolExecutor threads;
    private final ConcurrentHashMap<OrganizationId, Integer> busy = new ConcurrentHashMap<>();

    Lookups(ThreadPoolExecutor threads) {
        this.threads = threads;
    }

    /** Whether a name has an address that may be called, as far as is known in time. */
    boolean find(OrganizationId organization, DnsResolver names, String host, Duration time) {
        if (busy.merge(organization, 1, Integer::sum) > OF_ONE) {
            done(organization);
            throw tooMany("too many names are looked up at once for the organization", time);
        }
        Future<Boolean> found;
        try {
            found = threads.submit(() -> find(organization, names, host));
        } catch (RejectedExecutionException _) {
            done(organization);
            throw tooMany("too many names are looked up at once", time);
        }
        try {
            return found.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean find(OrganizationId organization, DnsResolver names, String host) {
        try {
            return names.resolve(host).length > 0;
        } catch (UnknownHostException _) {
            return false;
        } finally {
            done(organization);
        }
    }

    // Only when the lookup has ended, not when nobody waits for it any more: its thread is taken until then.
    private void done(OrganizationId organization) {
        busy.computeIfPresent(organization, (_, count) -> count == 1 ? null : count - 1);
    }

    private static TooManyRequests tooMany(String reason, Duration time) {
        return new TooManyRequests(reason, time.toSeconds());
    }

    void close() {
        threads.shutdownNow();
    }
}
