package dev.moorage.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows a receiver who sent a message, and when: {@code t=<seconds>,v1=<hex>}, one {@code v1} for each secret that is good.
 *
 * <p>Each is the HMAC-SHA256, by the secret's text, of the seconds, a dot, and the body as it was sent.
 */
final class Signature {

    static final String HEADER = "Moorage-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    static String of(List<String> secrets, Instant at, byte[] body) {
        String seconds = Long.toString(at.getEpochSecond());
        return Stream.concat(
                        Stream.of("t=" + seconds), secrets.stream().map(secret -> "v1=" + hmac(secret, seconds, body)))
                .collect(Collectors.joining(","));
    }

    private static String hmac(String secret, String seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(seconds.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) '.');
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
