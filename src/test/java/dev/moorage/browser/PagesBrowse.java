package dev.moorage.browser;

import dev.moorage.testing.RegistryClient;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page of the console in open mode, in windows of a desk and of a telephone, by day and by night. */
@NeedsChromium
class PagesBrowse {

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private static ConsoleScene scene;

    @BeforeAll
    static void fill() {
        scene = ConsoleScene.in(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));
    }

    static List<String> addresses() {
        return ConsolePages.addresses(scene);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void pageServesEverybody(String address) {
        Visit visit = visitor.arrive();
        visit.open(address);
        visit.assertServesEverybody(address);
    }

    @Test
    void refusalsArePagesToo() {
        Visit visit = visitor.arrive();
        visit.openRefused("/console/organizations/nobody-has-made-it");
        visit.assertServesEverybody("a refusal");
    }
}
