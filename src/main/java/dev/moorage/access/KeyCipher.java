package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.StartupCheckFailed;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/** Encrypts the private halves of signing keys (AES-256-GCM), so that a copy of the database signs nothing. */
@ApplicationScoped
class KeyCipher {

    private static final String FILE = "signing-keys.secret";
    private static final String EMBEDDED_DATABASE = "postgres";
    private static final byte[] SALT = "moorage signing keys".getBytes(StandardCharsets.UTF_8);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final MoorageConfig config;

    KeyCipher(MoorageConfig config) {
        this.config = config;
    }

    /** Encrypts a private key under its name; nothing decrypts it under another one. */
    byte[] encrypt(String kid, byte[] privateKey) {
        return encrypt(SALT, kid, privateKey);
    }

    /** The same for what is no signing key, with a key from which nothing follows about theirs. */
    byte[] encrypt(byte[] purpose, String name, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, name, nonce).doFinal(secret);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Decrypts a private key.
     *
     * @throws StartupCheckFailed where the key of the settings is not the one that it was encrypted with
     */
    byte[] decrypt(String kid, byte[] encrypted) {
        try {
            return decrypt(SALT, kid, encrypted);
        } catch (AEADBadTagException e) {
            throw new StartupCheckFailed(
                    "%s is not what the signing keys in the database were encrypted with: name the old one, or remove the rows of the table signing_key, which ends all tokens."
                            .formatted(origin()),
                    e);
        }
    }

    /**
     * Decrypts what {@link #encrypt(byte[], String, byte[])} made.
     *
     * @throws AEADBadTagException where the key of the settings is another one
     */
    byte[] decrypt(byte[] purpose, String name, byte[] encrypted) throws AEADBadTagException {
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(encrypted).get(nonce);
        try {
            return cipher(Cipher.DECRYPT_MODE, purpose, name, nonce)
                    .doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the key is the same wherever the database is read: it is named, or lies beside the embedded one. */
    boolean haveKey() {
        return config.access().encryptionKey().isPresent()
                || Files.isDirectory(config.dataDirectory().resolve(EMBEDDED_DATABASE));
    }

    /** What the key is made from, for a sentence to begin with. */
    String origin() {
        return config.access().encryptionKey().isPresent() ? "moorage.access.encryption-key" : "The file " + file();
    }

    /** A secret of 43 characters for something else, the same on all replicas, from which nothing follows about the keys. */
    String secretFor(String purpose) {
        try {
            byte[] key = key(purpose.getBytes(StandardCharsets.UTF_8)).getEncoded();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cipher cipher(int mode, byte[] purpose, String name, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key(purpose), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private SecretKey key(byte[] purpose) throws GeneralSecurityException {
        byte[] secret =
                config.access().encryptionKey().orElseGet(this::fromFile).getBytes(StandardCharsets.UTF_8);
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addSalt(purpose)
                                .addIKM(secret)
                                .thenExpand(purpose, KEY_BYTES));
    }

    private Path file() {
        return config.dataDirectory().resolve(FILE);
    }

    /** The secret beside the embedded database, made where it is absent, readable by this user only. */
    private String fromFile() {
        Path file = file();
        try {
            if (!Files.exists(file)) {
                byte[] secret = new byte[KEY_BYTES];
                random.nextBytes(secret);
                create(file, Base64.getEncoder().encodeToString(secret));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path file, String secret) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(
                file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            channel.write(ByteBuffer.wrap(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (FileAlreadyExistsException _) {
            // Another start has just made it.
        }
    }
}
