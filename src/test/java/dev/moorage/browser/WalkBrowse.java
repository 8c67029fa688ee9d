package dev.moorage.browser;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Puts back what another client has overwritten: .ci/console.sh pushes by podman before, and pulls by it afterwards. System
 * properties {@code moorage.walk.registry}, an address, and {@code moorage.walk.repository}, of which the tag is {@code v1}.
 */
@NeedsChromium
@EnabledIfSystemProperty(
        named = "moorage.walk.registry",
        matches = "http.*",
        disabledReason = "a part of .ci/run console")
class WalkBrowse {

    @RegisterExtension
    final Visitor visitor = Visitor.of(URI.create(System.getProperty("moorage.walk.registry", "")));

    @Test
    void pushIsUndone() {
        UndoJourney.putBack(visitor.arrive().open("/"), System.getProperty("moorage.walk.repository"), "v1");
    }
}
