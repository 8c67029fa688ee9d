package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.name.Network;
import dev.moorage.name.TrustedIssuerId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets callers wait who make more requests than the settings grant them.
 *
 * <p>Each replica counts for itself and in memory: it keeps one caller from taking all of a replica, and nothing that must
 * be true rests on it. A bounded number of callers is remembered, those with a name apart from those without, and one who
 * is forgotten begins anew.
 */
@ApplicationScoped
class RequestLimits {

    private static final int REMEMBERED = 8192;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private final Optional<Integer> callerPerMinute;
    private final Optional<Integer> networkPerMinute;
    private final Remembered<Record, RequestBucket> callers = new Remembered<>(REMEMBERED);
    private final Remembered<Record, RequestBucket> networks = new Remembered<>(REMEMBERED);

    @Inject
    RequestLimits(MoorageConfig config) {
        this(System::nanoTime, config);
    }

    RequestLimits(LongSupplier nanos, MoorageConfig config) {
        this.nanos = nanos;
        this.callerPerMinute = config.http().limits().callerPerMinute();
        this.networkPerMinute = config.http().limits().networkPerMinute();
    }

    /** A job of a trusted issuer, by what the issuer calls it. */
    private record Job(TrustedIssuerId issuer, String subject) {}

    /** Somebody of the other token server, by what it calls him. */
    private record Foreigner(String issuer, String subject) {}

    /** Whoever comes from a network; empty where the address is none. */
    private record Stranger(Optional<Network> network) {}

    /** Counts a request of somebody who has shown who he is, or of nobody; 429 where he has to wait. */
    void count(Principal principal, String address) {
        switch (principal) {
            case Principal.Anonymous _ -> count(address);
            case Principal.Account account -> callerPerMinute.ifPresent(most -> take(callers, account.id(), most));
            case Principal.Robot robot -> callerPerMinute.ifPresent(most -> take(callers, robot.id(), most));
            case Principal.Job job ->
                callerPerMinute.ifPresent(most -> take(callers, new Job(job.id(), job.subject()), most));
            case Principal.External external ->
                callerPerMinute.ifPresent(
                        most -> take(callers, new Foreigner(external.issuer(), external.subject()), most));
        }
    }

    /** Counts a request of which no more is known than where it comes from; 429 where that network has to wait. */
    void count(String address) {
        networkPerMinute.ifPresent(
                most -> take(networks, new Stranger(Network.address(address).map(Network::ofClient)), most));
    }

    private void take(Remembered<Record, RequestBucket> buckets, Record key, int most) {
        long wait = buckets.getOrMake(key, RequestBucket::new).take(nanos.getAsLong(), MINUTE_NANOS / most, most);
        if (wait > 0) {
            LoginMeter.limited();
            throw new TooManyRequests(
                    "more than %d requests a minute".formatted(most), Math.ceilDiv(wait, TimeUnit.SECONDS.toNanos(1)));
        }
    }
}
