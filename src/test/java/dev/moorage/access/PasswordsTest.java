package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords(1);

    @Test
    void passwordIsTheOneOfItsHashAndNoOther() {
        String hash = passwords.hash("correct horse");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("correct");
        assertThat(matches("correct horse", Optional.of(hash))).isTrue();
        assertThat(matches("correct horsf", Optional.of(hash))).isFalse();
        assertThat(matches("", Optional.of(hash))).isFalse();
    }

    @Test
    void samePasswordHasAnotherHashEachTime() {
        assertThat(passwords.hash("correct horse")).isNotEqualTo(passwords.hash("correct horse"));
    }

    @Test
    void nobodysPasswordIsNeverRight() {
        assertThat(matches("", Optional.empty())).isFalse();
        assertThat(matches("correct horse", Optional.empty())).isFalse();
    }

    // The reference implementation's own example: argon2 -id -t 2 -k 65536 -p 1, password "password", salt "somesalt".
    @Test
    void hashesOfOtherProgramsAreRead() {
        assertThat(
                        matches(
                                "password",
                                Optional.of(
                                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")))
                .isTrue();
    }

    @Test
    void passwordThatIsTooLongIsRefusedWithoutBeingHashedWhole() {
        String hash = passwords.hash("");

        assertThat(matches("x".repeat(1001), Optional.of(hash))).isFalse();
    }

    private boolean matches(String password, Optional<String> hash) {
        return passwords.matches(password, hash, new Passwords.Attempt() {
            @Override
            public void begin() {}

            @Override
            public void failed() {}
        });
    }
}
