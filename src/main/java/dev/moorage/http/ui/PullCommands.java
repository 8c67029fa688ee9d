package dev.moorage.http.ui;

import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The commands that pull something from here, by the clients that can, to be copied into a shell.
 *
 * <p>No character of a name, tag or digest means anything to a shell, and a host that has one that does is left out.
 *
 * @param host by which address the registry is reached
 * @param secure whether it is reached by TLS
 * @param repository from where
 */
record PullCommands(String host, boolean secure, RepositoryName repository) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:[0-9]+)?|\\[[0-9A-Fa-f:.]+\\](:[0-9]+)?");
    private static final String ANY_HOST = "registry.example";

    /** Takes no host that a shell could read as more than that. */
    PullCommands {
        host = HOST.matcher(host).matches() ? host : ANY_HOST;
    }

    /** A client, and what to tell it. */
    record Command(String client, String text) {}

    /** Those of a page's reader. */
    static PullCommands of(Frame frame, RepositoryName repository) {
        return new PullCommands(frame.host(), frame.secure(), repository);
    }

    /** The commands for what a reference names. */
    List<Command> of(Artifact artifact, Reference reference) {
        String name = address(reference);
        return switch (artifact) {
            case IMAGE ->
                List.of(
                        new Command("docker", "docker pull " + name),
                        new Command("podman", "podman pull " + unless("--tls-verify=false ") + name),
                        new Command("nerdctl", "nerdctl pull " + unless("--insecure-registry ") + name),
                        new Command("ctr", "ctr images pull " + unless("--plain-http ") + name));
            case CHART -> List.of(new Command("helm", helm(reference)), oras(name));
            case OTHER -> List.of(oras(name));
        };
    }

    private Command oras(String name) {
        return new Command("oras", "oras pull " + unless("--plain-http ") + name);
    }

    private String helm(Reference reference) {
        String chart = "helm pull " + unless("--plain-http ") + "oci://" + host + '/' + repository;
        return switch (reference) {
            // Versions of charts have a + where tags cannot.
            case Tag tag -> chart + " --version " + tag.value().replace('_', '+');
            case Digest digest -> chart + '@' + digest;
        };
    }

    private String address(Reference reference) {
        return host + '/' + repository + (reference instanceof Digest ? "@" : ":") + reference;
    }

    /** What a client is told where the address is not reached by TLS. */
    private String unless(String option) {
        return secure ? "" : option;
    }
}
