package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages that list the settings are written by this test: run it with {@code -Dmoorage.settings.write=true}. */
class SettingsPageTest {

    private static final List<Setting> SETTINGS = Setting.of(MoorageConfig.class);
    private static final String WRITE = "moorage.settings.write";
    private static final String BEGIN = "<!-- settings, written by SettingsPageTest: begin -->\n";
    private static final String END = "<!-- settings: end -->";

    @Test
    void settingsPageListsEverySettingAsItIsDeclared() throws IOException {
        hasBetweenItsMarks(Path.of("docs/settings.md"), fullTable());
    }

    @Test
    void readmeListsEverySettingAsItIsDeclared() throws IOException {
        hasBetweenItsMarks(Path.of("README.md"), shortTable());
    }

    @Test
    void everySettingIsDescribed() {
        assertThat(SETTINGS).isNotEmpty().allSatisfy(setting -> assertThat(setting.description())
                .as(setting.key())
                .isNotBlank()
                .endsWith("."));
    }

    private static void hasBetweenItsMarks(Path page, String table) throws IOException {
        var text = Files.readString(page);
        var from = text.indexOf(BEGIN) + BEGIN.length();
        var to = text.indexOf(END);
        assertThat(text).as("the marks in %s", page).contains(BEGIN, END);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(page, text.substring(0, from) + table + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as(
                        "%s is not what the settings are now: run ./mvnw -Dtest=SettingsPageTest -D%s=true test",
                        page, WRITE)
                .isEqualTo(table);
    }

    private static String fullTable() {
        return "| setting | environment variable | value | default | what it does |\n|---|---|---|---|---|\n"
                + SETTINGS.stream()
                        .map(setting -> "| `%s` | `%s` | %s | %s | %s |\n"
                                .formatted(
                                        setting.key(),
                                        setting.variable(),
                                        setting.kind(),
                                        standard(setting),
                                        setting.description()))
                        .collect(Collectors.joining());
    }

    private static String shortTable() {
        return "| setting | default | what it does |\n|---|---|---|\n"
                + SETTINGS.stream()
                        .map(setting -> "| `%s` | %s | %s |\n"
                                .formatted(setting.key(), standard(setting), setting.description()))
                        .collect(Collectors.joining());
    }

    private static String standard(Setting setting) {
        return setting.standard().map(value -> "`" + value + "`").orElse("none");
    }
}
