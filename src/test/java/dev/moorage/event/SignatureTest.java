package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private static final Instant AT = Instant.ofEpochSecond(1_700_000_000, 999);
    private static final byte[] BODY = "{\"specversion\":\"1.0\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void signatureIsWhatOpensslSays() {
        // printf '1700000000.{"specversion":"1.0"}' | openssl dgst -sha256 -hmac moorage_webhook_secret
        assertThat(Signature.of(List.of("moorage_webhook_secret"), AT, BODY))
                .isEqualTo("t=1700000000,v1=cb8eac781c39b83f813441a583ee21c1e635aa654e3b37d6619666b27dffd334");
    }

    @Test
    void everySecretThatIsGoodSigns() {
        assertThat(Signature.of(List.of("moorage_webhook_secret", "before"), AT, BODY))
                .isEqualTo(
                        "t=1700000000,v1=cb8eac781c39b83f813441a583ee21c1e635aa654e3b37d6619666b27dffd334,v1=3c21e1df32ae12e7ed719b40a388df36f409a5b3d12a56e4992d30850aec8464");
    }

    @Test
    void anotherTimeAnotherBodyOrAnotherSecretSignsOtherwise() {
        String usual = Signature.of(List.of("a"), AT, BODY);

        assertThat(List.of(
                        Signature.of(List.of("b"), AT, BODY),
                        Signature.of(List.of("a"), AT.plusSeconds(1), BODY),
                        Signature.of(List.of("a"), AT, new byte[0])))
                .doesNotContain(usual)
                .doesNotHaveDuplicates();
    }
}
