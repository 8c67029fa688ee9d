package dev.moorage.config;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A certificate with its key, as the two files had it when they were read.
 *
 * @param keys what TLS takes them from
 * @param leaf the program's own certificate
 * @param bytes the content of both files, to see whether they have changed
 */
public record ServerCertificate(X509ExtendedKeyManager keys, X509Certificate leaf, Content bytes) {

    private static final String CERTIFICATE = "moorage.http.tls.certificate";
    private static final String KEY = "moorage.http.tls.key";

    /** The bytes of both files. */
    public record Content(Buffer certificate, Buffer key) {}

    /** The content of the two files now. Throws {@link StartupCheckFailed} with one sentence where one cannot be read. */
    public static Content content(Path certificate, Path key) {
        return new Content(bytes(CERTIFICATE, certificate), bytes(KEY, key));
    }

    /**
     * A certificate and a key that fit each other; it may have expired.
     *
     * @throws StartupCheckFailed with one sentence that names the setting
     */
    public static ServerCertificate of(Content content, Path certificate, Path key) {
        X509Certificate leaf = leaf(content.certificate(), certificate);
        X509ExtendedKeyManager keys = keys(content, key);
        if (!fits(keys, leaf)) {
            throw new StartupCheckFailed("%s is %s, which is not the key of the certificate in %s (%s)."
                    .formatted(KEY, key, certificate, CERTIFICATE));
        }
        return new ServerCertificate(keys, leaf, content);
    }

    /** Why clients will refuse it at this time, if they will. */
    public Optional<String> complaint(Instant now) {
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            return Optional.of("expired at " + leaf.getNotAfter().toInstant());
        }
        return now.isBefore(leaf.getNotBefore().toInstant())
                ? Optional.of("is not valid before " + leaf.getNotBefore().toInstant())
                : Optional.empty();
    }

    private static Buffer bytes(String setting, Path file) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new StartupCheckFailed("%s is %s, and there is no such file.".formatted(setting, file), e);
        } catch (AccessDeniedException e) {
            throw new StartupCheckFailed("%s is %s, which this user may not read.".formatted(setting, file), e);
        } catch (IOException e) {
            throw new StartupCheckFailed(
                    "%s is %s, which cannot be read (%s).".formatted(setting, file, e.getMessage()), e);
        }
    }

    private static X509Certificate leaf(Buffer pem, Path file) {
        try {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes()));
            return (X509Certificate)
                    chain.stream().findFirst().orElseThrow(() -> new CertificateException("there is none"));
        } catch (CertificateException e) {
            throw new StartupCheckFailed(
                    "%s is %s, which holds no certificate in PEM.".formatted(CERTIFICATE, file), e);
        }
    }

    private static X509ExtendedKeyManager keys(Content content, Path file) {
        PemKeyCertOptions pem =
                new PemKeyCertOptions().setCertValue(content.certificate()).setKeyValue(content.key());
        try {
            // Of the kinds of key files it knows all that OpenSSL writes; without paths it needs nothing else.
            KeyManager[] managers = pem.getKeyManagerFactory(null).getKeyManagers();
            return Arrays.stream(managers)
                    .filter(X509ExtendedKeyManager.class::isInstance)
                    .map(X509ExtendedKeyManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            // A key of another kind than the certificate's is refused here already.
            String text = content.key().toString();
            boolean plain = text.contains("PRIVATE KEY-----") && !text.contains("ENCRYPTED");
            throw new StartupCheckFailed(
                    "%s is %s, which %s."
                            .formatted(
                                    KEY,
                                    file,
                                    plain
                                            ? "is not the key of the certificate (%s), or is damaged"
                                                    .formatted(CERTIFICATE)
                                            : "holds no private key in PEM that is not encrypted"),
                    e);
        }
    }

    private static boolean fits(X509ExtendedKeyManager keys, X509Certificate leaf) {
        PublicKey open = leaf.getPublicKey();
        String alias = keys.chooseServerAlias(open.getAlgorithm(), null, null);
        if (alias == null) {
            return false;
        }
        PrivateKey secret = keys.getPrivateKey(alias);
        byte[] probe = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(
                    switch (open.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> open.getAlgorithm();
                    });
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
