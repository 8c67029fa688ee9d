package dev.moorage.event;

import dev.moorage.name.OrganizationId;
import java.util.Optional;

/** Keeps what messages are signed with from whoever reads the database. */
public interface WebhookSecrets {

    /** Whether there is a key for it that all replicas have; where there is none, no webhook can be made. */
    boolean haveKey();

    /** Encrypts the secret of a webhook under its name; nothing decrypts it under another one. */
    byte[] encrypt(OrganizationId organization, String webhook, String secret);

    /** Decrypts it; empty where the key of the settings is not the one that it was encrypted with. */
    Optional<String> decrypt(OrganizationId organization, String webhook, byte[] encrypted);
}
