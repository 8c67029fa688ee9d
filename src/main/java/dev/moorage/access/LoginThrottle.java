package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LoginFailureStore;
import dev.moorage.metadata.LoginFailureStore.Allowance;
import dev.moorage.metadata.LoginFailureStore.Kind;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.Network;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** Lets logins wait that have failed too often, by account and by address, on whatever replica. */
@ApplicationScoped
class LoginThrottle {

    private final Transactions transactions;
    private final LoginFailureStore failures;
    private final Allowance account;
    private final Allowance address;

    LoginThrottle(Transactions transactions, LoginFailureStore failures, MoorageConfig config) {
        this.transactions = transactions;
        this.failures = failures;
        MoorageConfig.Throttle throttle = config.access().throttle();
        this.account = allowance(throttle.accountFailures(), throttle);
        this.address = allowance(throttle.addressFailures(), throttle);
    }

    /**
     * Whom a login is counted for.
     *
     * @param account the digest of the name that was given, whether or not there is such an account
     * @param address the digest of the network that it came from
     */
    record Keys(String account, String address) {

        static Keys of(String account, String address) {
            return new Keys(digest(account), digest(network(address)));
        }

        /** Of a login that no account is counted for. */
        private static Keys of(String address) {
            return new Keys("", digest(network(address)));
        }
    }

    /** Refuses a login that has to wait. */
    void demand(Keys keys) {
        transactions
                .read(tx -> failures.secondsToWait(tx, keys.account(), keys.address()))
                .ifPresent(seconds -> {
                    LoginMeter.throttled();
                    throw new TooManyRequests("too many logins have failed", seconds);
                });
    }

    /** Counts a login that failed by a password, against the account too. */
    void failed(Keys keys) {
        LoginMeter.wrongPassword();
        // Each in a transaction of its own: an address that attacks many accounts is not to hold their rows.
        transactions.run(Durability.PROGRAM_END, tx -> failures.failed(tx, Kind.ACCOUNT, keys.account(), account));
        failedFrom(keys);
    }

    /**
     * Counts a secret that was wrong, against the address only, or refuses it where that has to wait. Nobody can guess one:
     * who shows a right one is not asked to wait for others at his address.
     */
    void wrongSecret(String address) {
        LoginMeter.wrongSecret();
        Keys keys = Keys.of(address);
        demand(keys);
        failedFrom(keys);
    }

    private void failedFrom(Keys keys) {
        transactions.run(Durability.PROGRAM_END, tx -> failures.failed(tx, Kind.ADDRESS, keys.address(), address));
    }

    /** Forgets the failures of an account. */
    void succeeded(Keys keys) {
        transactions.run(Durability.PROGRAM_END, tx -> failures.succeeded(tx, keys.account()));
    }

    private static Allowance allowance(int failures, MoorageConfig.Throttle throttle) {
        return new Allowance(failures, throttle.firstWait(), throttle.longestWait(), throttle.memory());
    }

    private static String network(String address) {
        return Network.address(address)
                .map(Network::ofClient)
                .map(Network::toString)
                .orElse(address);
    }

    private static String digest(String text) {
        return Digest.ofBytes(Digest.Algorithm.SHA256, text.getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
