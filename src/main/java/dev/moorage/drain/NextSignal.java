package dev.moorage.drain;

import dev.moorage.config.Reflective;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * A further signal to a program that is ending already, which the JVM by itself takes no notice of.
 *
 * <p>The JDK's type for it is open to all and yet not official, so it is asked for by its name; where there is none, a further
 * signal goes on being nothing.
 */
@Reflective("the JDK's type is not official, and a compiler warns of it")
final class NextSignal {

    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private NextSignal() {}

    static void run(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object asked =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                        }
                        return null;
                    });
            for (String name : SIGNALS) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), asked);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException _) {
            // The time that the settings give is the longest it takes.
        }
    }
}
