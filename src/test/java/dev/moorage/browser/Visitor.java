package dev.moorage.browser;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens the console for a test as somebody who was never there before, and demands at the test's end that nothing went wrong. */
final class Visitor implements BeforeEachCallback, AfterEachCallback {

    private final URI base;
    private final List<Visit> visits = new ArrayList<>();
    private Chromium chromium;

    private Visitor(URI base) {
        this.base = base;
    }

    static Visitor of(URI base) {
        return new Visitor(base);
    }

    /** A browser of one's own, without a cookie. */
    Visit arrive() {
        return arrive(Look.WIDE);
    }

    /** The same in another window. */
    Visit arrive(Look look) {
        Visit visit = new Visit(chromium.browser(), base, look);
        visits.add(visit);
        return visit;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        chromium = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Chromium.class))
                .computeIfAbsent(Chromium.class, _ -> Chromium.start(), Chromium.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Visit> ended = List.copyOf(visits);
        visits.clear();
        ended.forEach(Visit::end);
        if (context.getExecutionException().isEmpty()) {
            ended.forEach(Visit::assertNothingWentWrong);
        }
    }
}
