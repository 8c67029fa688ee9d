package dev.moorage.registry;

import dev.moorage.error.RegistryException.Denied;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.RepositoryStore.Kept;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Refuses what an organization's quota of bytes does not hold.
 *
 * <p>What is used is always exact. What is kept may come to more than the quota by no more than the requests that were under
 * way when it was reached: below nine tenths of the quota they do not wait for each other. Where there is no quota nothing is
 * asked.
 */
@Singleton
class ByteQuota {

    private static final int TENTHS = 10;

    private final QuotaStore quotas;
    private final UsageStore usage;

    ByteQuota(QuotaStore quotas, UsageStore usage) {
        this.quotas = quotas;
        this.usage = usage;
    }

    /** What is to be kept; what the organization pays for already is free. */
    sealed interface Wanted {
        /** How many bytes it has. */
        long bytes();

        /** Nobody knows yet what. */
        record SomeBytes(long bytes) implements Wanted {}

        /** A blob, which an organization pays for once. */
        record Blob(Digest digest, long bytes) implements Wanted {}

        /** A manifest, which each repository has for itself. */
        record Manifest(Digest digest, long bytes) implements Wanted {}
    }

    /**
     * How many bytes there is room for.
     *
     * @param limit the quota
     * @param used what is used of it
     */
    record Room(long limit, long used) {

        /** Where there is no quota, and for what is paid for. */
        static final Room ANY = new Room(Long.MAX_VALUE, 0);

        /** How many bytes may come behind those of an upload that are there, at least 0. */
        long behind(long offset) {
            return Math.max(0, limit - used - offset);
        }

        /** The refusal of one byte more than there is room for. */
        Denied exceeded() {
            return denied("bytes", limit, used, limit - used + 1);
        }
    }

    /**
     * Refuses what cannot fit, before its bytes come; what passes may be refused in the end.
     *
     * @return for how many bytes there is room, should it be more than was announced
     */
    Room demandRoom(Transaction transaction, Kept repository, Wanted wanted) {
        if (repository.quotaBytes().isEmpty() || paidFor(transaction, repository, wanted)) {
            return Room.ANY;
        }
        Room room = new Room(
                repository.quotaBytes().get(),
                usage.used(transaction, repository.key().organization()));
        demand(room.limit(), room.used(), wanted);
        return room;
    }

    /**
     * Refuses what does not fit, in the transaction that keeps it; behind the repository's lock, before that of a link.
     *
     * <p>Whoever comes above nine tenths of the quota waits for all others who did, until they have committed.
     */
    void reserve(Transaction transaction, Kept repository, Wanted wanted) {
        if (repository.quotaBytes().isEmpty() || paidFor(transaction, repository, wanted)) {
            return;
        }
        OrganizationId organization = repository.key().organization();
        long limit = repository.quotaBytes().get();
        long used = usage.used(transaction, organization);
        if (wanted.bytes() > limit - limit / TENTHS - used) {
            quotas.lockBytes(transaction, organization);
            // In a statement of its own, behind the lock: it sees what those who had it before have committed.
            used = usage.used(transaction, organization);
        }
        demand(limit, used, wanted);
    }

    private boolean paidFor(Transaction transaction, Kept repository, Wanted wanted) {
        return switch (wanted) {
            case Wanted.SomeBytes _ -> false;
            case Wanted.Blob blob ->
                quotas.hasBlob(transaction, repository.key().organization(), blob.digest());
            case Wanted.Manifest manifest -> quotas.hasManifest(transaction, repository.key(), manifest.digest());
        };
    }

    private static void demand(long limit, long used, Wanted wanted) {
        if (wanted.bytes() > limit - used) {
            throw denied("bytes", limit, used, wanted.bytes());
        }
    }

    /** The refusal of what goes beyond a quota. */
    static Denied denied(String what, long limit, long used, long wanted) {
        return new Denied(
                "the organization's quota of " + what + " does not hold it",
                Map.of("quota", what, "limit", limit, "used", used, "wanted", wanted));
    }
}
