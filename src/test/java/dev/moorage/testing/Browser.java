package dev.moorage.testing;

import java.net.HttpCookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Somebody's browser in front of a registry: it keeps cookies, and goes where it is sent when it is told to. */
public final class Browser {

    private final RegistryClient registry;
    private final Map<String, String> cookies;
    private final List<String> set = new ArrayList<>();

    /** A browser without a cookie. */
    public Browser(RegistryClient registry) {
        this(registry, Map.of());
    }

    private Browser(RegistryClient registry, Map<String, String> cookies) {
        this.registry = registry;
        this.cookies = new TreeMap<>(cookies);
    }

    /** Another browser with the same cookies, in front of a registry. */
    public Browser copy(RegistryClient other) {
        return new Browser(other, cookies);
    }

    /** The cookies that it has, by name. */
    public Map<String, String> cookies() {
        return Map.copyOf(cookies);
    }

    /** What it was told to keep or forget, as it was written. */
    public List<String> wasTold() {
        return List.copyOf(set);
    }

    /** Goes to a path of the registry. */
    public Answer get(String target) {
        RegistryClient.Request request = registry.request("GET", target);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        Answer answer = request.send();
        for (String line : answer.all("Set-Cookie")) {
            set.add(line);
            for (HttpCookie cookie : HttpCookie.parse(line)) {
                if (cookie.getMaxAge() == 0) {
                    cookies.remove(cookie.getName());
                } else {
                    cookies.put(cookie.getName(), cookie.getValue());
                }
            }
        }
        return answer;
    }

    /** Begins a log-in and shows the provider who one is; answers the path by which one comes back. */
    public String throughProvider() {
        return throughProvider("/auth/oidc/login");
    }

    /** The same from another address to begin at. */
    public String throughProvider(String begin) {
        URI provider = URI.create(get(begin).expect(302).header("Location"));
        URI back = URI.create(new RegistryClient(provider.resolve("/"))
                .get(provider.getRawPath() + "?" + provider.getRawQuery())
                .expect(302)
                .header("Location"));
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    /** Logs in. */
    public Answer login() {
        return get(throughProvider());
    }
}
