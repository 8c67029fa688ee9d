package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    @Test
    void nameAndPasswordAreRead() {
        assertThat(read("Basic YW5uYTpwYTpzcw==")).isEqualTo(new Credentials.Basic("anna", "pa:ss"));
        assertThat(read("basic YW5uYTo=")).isEqualTo(new Credentials.Basic("anna", ""));
    }

    @Test
    void tokenIsRead() {
        assertThat(read("Bearer abc.def.ghi")).isEqualTo(new Credentials.Bearer("abc.def.ghi"));
    }

    @Test
    void requestWithoutTheHeaderShowsNothing() {
        assertThat(Credentials.of(Optional.empty())).isEqualTo(new Credentials.None());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic !",
                "Basic YW5uYQ==",
                "Basic YQA6YQ==",
                "Basic gICA",
                "Bearer",
                "Bearer ",
                "Digest x"
            })
    void whatCannotBeReadIsNotTakenForNothing(String header) {
        assertThat(read(header)).isEqualTo(new Credentials.Unreadable());
    }

    private static Credentials read(String header) {
        return Credentials.of(Optional.of(header));
    }
}
