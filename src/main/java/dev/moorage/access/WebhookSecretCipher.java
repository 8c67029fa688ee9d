package dev.moorage.access;

import dev.moorage.event.WebhookSecrets;
import dev.moorage.name.OrganizationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.jboss.logging.Logger;

/** Encrypts the secrets of webhooks as the signing keys are, by a key of their own. */
@ApplicationScoped
class WebhookSecretCipher implements WebhookSecrets {

    private static final Logger LOG = Logger.getLogger(WebhookSecretCipher.class);
    private static final byte[] PURPOSE = "moorage webhook secrets".getBytes(StandardCharsets.UTF_8);

    private final KeyCipher cipher;

    WebhookSecretCipher(KeyCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public boolean haveKey() {
        return cipher.haveKey();
    }

    @Override
    public byte[] encrypt(OrganizationId organization, String webhook, String secret) {
        return cipher.encrypt(PURPOSE, name(organization, webhook), secret.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> decrypt(OrganizationId organization, String webhook, byte[] encrypted) {
        try {
            return Optional.of(new String(
                    cipher.decrypt(PURPOSE, name(organization, webhook), encrypted), StandardCharsets.UTF_8));
        } catch (AEADBadTagException _) {
            LOG.errorf(
                    "%s is not what the secret of a webhook was encrypted with: it is told nothing", cipher.origin());
            return Optional.empty();
        }
    }

    private static String name(OrganizationId organization, String webhook) {
        return organization + "/" + webhook;
    }
}
