package dev.moorage.browser;

import dev.moorage.testing.RegistryClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every page of the console, and at which addresses it shows what in a {@link ConsoleScene}. */
final class ConsolePages {

    private static final Map<String, Function<ConsoleScene, List<String>>> PAGES = new LinkedHashMap<>();
    private static final Set<String> OTHERS = new TreeSet<>(Set.of(
            "/", // leads to /console/
            "/console/search/names",
            "/console/audit/export",
            "/console/organizations/{organization}/audit/export",
            "/console/repositories/-/icon",
            "/console/repositories/-/delete-tags/done", // what a deletion leads to
            // With somebody who has logged in: SecuredBrowse.
            "/console/account",
            "/console/login"));

    static {
        page("", "/", "?after=a");
        page("/search", "?q=w", "?q=nothing-is-called-so");
        page("/images", "", "?sort=size");
        page("/storage", "");
        page("/audit", "");
        page("/system", "");
        inOrganization("", "");
        for (String rest : List.of(
                "members",
                "grants",
                "teams",
                "robots",
                "rules",
                "trusted-issuers",
                "webhooks",
                "storage",
                "retention",
                "history",
                "audit",
                "settings")) {
            inOrganization("/" + rest, "/" + rest);
        }
        inOrganization("/teams/{team}", "/teams/builders");
        inOrganization("/webhooks/{webhook}", "/webhooks/builds");
        inOrganization("/retention/run");
        inOrganization("/retention/runs/{id}");
        inOrganization("/events/{reference}/undo", "/events/{moved}/undo");
        inRepository("", "", "?name=1.*");
        inRepository("/about", "/about");
        inRepository("/compare", "/compare?from=1.1.0&to=1.2.0", "/compare");
        inRepository("/delete", "/delete");
        inRepository("/delete-tags", "/delete-tags?tag=1.1.0&tag=latest");
        inRepository("/history", "/history");
        inRepository("/events/{reference}/undo", "/events/{moved}/undo");
        inRepository("/manifests/{digest}", "/manifests/{digest}");
        inRepository("/retention", "/retention");
        inRepository("/retention/run", "/retention/run");
        inRepository("/retention/runs/{id}", "/retention/runs/{run}");
        inRepository("/settings", "/settings");
        inRepository("/tags/{tag}", "/tags/latest", "/tags/stable", "/tags/1.0.0");
        inRepository("/tags/{tag}/delete", "/tags/latest/delete");
        inRepository("/tags/{tag}/history", "/tags/latest/history");
        inRepository("/why/{digest}", "/why/{digest}");
    }

    private ConsolePages() {}

    private static void page(String path, String... addresses) {
        PAGES.put("/console" + path, _ -> Stream.of(addresses)
                .map(address -> "/console" + path + address)
                .toList());
    }

    private static void inOrganization(String path, String... addresses) {
        PAGES.put("/console/organizations/{organization}" + path, scene -> Stream.of(addresses)
                .map(address -> organization(scene) + scene.filled(address))
                .toList());
    }

    private static void inRepository(String path, String... addresses) {
        PAGES.put("/console/repositories/-" + path, scene -> Stream.of(addresses)
                .map(address -> repository(scene) + scene.filled(address))
                .toList());
    }

    /** What is asked for by GET, as the classes say it, and is a page. */
    static Set<String> pages() {
        return PAGES.keySet();
    }

    /** What is asked for by GET and is none, or is looked at elsewhere. */
    static Set<String> others() {
        return OTHERS;
    }

    /** The addresses of all pages. */
    static List<String> addresses(ConsoleScene scene) {
        return PAGES.values().stream()
                .flatMap(addresses -> addresses.apply(scene).stream())
                .toList();
    }

    static String organization(ConsoleScene scene) {
        return "/console/organizations/" + RegistryClient.encoded(scene.organization());
    }

    static String repository(ConsoleScene scene) {
        return "/console/repositories/" + scene.web().name() + "/-";
    }
}
