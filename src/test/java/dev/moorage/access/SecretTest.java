package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretTest {

    @ParameterizedTest
    @EnumSource
    void secretIsReadBackAsItWasShown(Secret.Kind kind) {
        Secret made = Secret.make(kind);

        assertThat(made.reveal()).startsWith(kind.prefix()).matches("[a-zA-Z0-9_]+");
        assertThat(Secret.parse(kind, made.reveal()).orElseThrow().hash()).isEqualTo(made.hash());
        assertThat(Secret.Kind.of(made.reveal())).contains(kind);
    }

    @Test
    void secretWithOneCharacterChangedIsNone() {
        String text = Secret.make(Secret.Kind.ROBOT).reveal();
        for (int i = Secret.Kind.ROBOT.prefix().length(); i < text.length(); i++) {
            char other = text.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(Secret.parse(Secret.Kind.ROBOT, text.substring(0, i) + other + text.substring(i + 1)))
                    .isEmpty();
        }
    }

    @Test
    void secretOfOneKindIsNoneOfAnother() {
        assertThat(Secret.parse(
                        Secret.Kind.PERSONAL, Secret.make(Secret.Kind.ROBOT).reveal()))
                .isEmpty();
        assertThat(Secret.Kind.of("correct horse")).isEqualTo(Optional.empty());
    }

    @Test
    void secretIsNeverPrinted() {
        assertThat(Secret.make(Secret.Kind.ROBOT)).hasToString("***");
        assertThat(new Credentials.Basic("anna", "hidden").toString()).doesNotContain("hidden");
        assertThat(new Credentials.Bearer("hidden").toString()).doesNotContain("hidden");
    }
}
