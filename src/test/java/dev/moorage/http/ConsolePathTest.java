package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolePathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/",
                "/console/account",
                "/console/repositories/acme/team/app/-",
                "/console/repositories/acme/app/-/tags/v1.0?after=x%2Fy&sort=-pushed",
                "/console/search?q=a%20b+c",
                "/console/organizations/acme/audit?action=robot.*",
            })
    void pageOfTheConsoleIsGoneTo(String path) {
        assertThat(ConsolePath.of(path)).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/consoles",
                "/console",
                "console/",
                "//evil.example/console/",
                "///evil.example",
                "/\\evil.example",
                "\\/evil.example",
                "https://evil.example/console/",
                "http:/console/",
                "/console//evil.example",
                "/console/\\evil.example",
                "/console/..",
                "/console/../v2/",
                "/console/./",
                "/console/a/../../v2/",
                "/console/%2e%2e/v2/",
                "/console/%2E./v2/",
                "/console/%2fevil.example",
                "/console/%5Cevil.example",
                "/console/a b",
                "/console/a\tb",
                "/console/a\r\nSet-Cookie: a=b",
                "/console/a\u0000",
                "/console/\u2215evil",
                "/console/a#b",
                "/console/a\"b",
                "/console/<b>",
                "/console/login",
                "/console/login?next=/console/",
                "/console/logout",
                "/console/login/",
            })
    void anythingElseIsNot(String path) {
        assertThat(ConsolePath.of(path)).isEmpty();
    }

    @Test
    void overlongPathIsNot() {
        assertThat(ConsolePath.of("/console/" + "a".repeat(2048))).isEmpty();
    }
}
