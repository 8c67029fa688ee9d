package dev.moorage.testing;

import java.net.HttpCookie;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Somebody's browser in front of a registry: it keeps cookies, and goes where it is sent when it is told to. */
public final class Browser {

    private final RegistryClient registry;
    private final Map<String, String> cookies;
    private final Map<String, String> paths;
    private final List<String> set = new ArrayList<>();

    /** A browser without a cookie. */
    public Browser(RegistryClient registry) {
        this(registry, Map.of(), Map.of());
    }

    private Browser(RegistryClient registry, Map<String, String> cookies, Map<String, String> paths) {
        this.registry = registry;
        this.cookies = new TreeMap<>(cookies);
        this.paths = new TreeMap<>(paths);
    }

    /** Another browser with the same cookies, in front of a registry. */
    public Browser copy(RegistryClient other) {
        return new Browser(other, cookies, paths);
    }

    /** The cookies that it has, by name. */
    public Map<String, String> cookies() {
        return Map.copyOf(cookies);
    }

    /** Has a cookie for the console from somewhere, whoever gave it. */
    public Browser with(String name, String value) {
        cookies.put(name, value);
        paths.put(name, "/console");
        return this;
    }

    /** What it was told to keep or forget, as it was written. */
    public List<String> wasTold() {
        return List.copyOf(set);
    }

    /** Goes to a path of the registry. */
    public Answer get(String target) {
        return send(registry.request("GET", target));
    }

    /** Sends a form to a path of the registry. */
    public Answer post(String target, Map<String, String> form) {
        return send(registry.request("POST", target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.entrySet().stream()
                        .map(field ->
                                RegistryClient.encoded(field.getKey()) + "=" + RegistryClient.encoded(field.getValue()))
                        .collect(Collectors.joining("&"))
                        .getBytes(StandardCharsets.UTF_8)));
    }

    /** Makes a request with the cookies that belong to its path, and keeps what it is told to. */
    public Answer send(RegistryClient.Request request) {
        String path = request.path();
        String brought = cookies.entrySet().stream()
                .filter(cookie -> isUnder(paths.getOrDefault(cookie.getKey(), "/"), path))
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        if (!brought.isEmpty()) {
            request.header("Cookie", brought);
        }
        Answer answer = request.send();
        for (String line : answer.all("Set-Cookie")) {
            set.add(line);
            for (HttpCookie cookie : HttpCookie.parse(line)) {
                if (cookie.getMaxAge() == 0) {
                    cookies.remove(cookie.getName());
                } else {
                    cookies.put(cookie.getName(), cookie.getValue());
                    paths.put(cookie.getName(), cookie.getPath() == null ? "/" : cookie.getPath());
                }
            }
        }
        return answer;
    }

    private static boolean isUnder(String cookie, String path) {
        return path.equals(cookie) || path.startsWith(cookie.endsWith("/") ? cookie : cookie + '/');
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
