package dev.moorage.kubernetes;

import dev.moorage.kubernetes.Installation.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What is amiss with pods by themselves: rights, images, probes, what they may use. */
final class PodRules {

    private PodRules() {}

    static Stream<String> complaints(Installation installation) {
        return installation
                .workloads()
                .flatMap(workload -> Stream.concat(
                        pod(workload), workload.containers().flatMap(container -> container(workload, container))));
    }

    // The restricted level of the Pod Security Standards, and a root file system that nothing writes to besides.
    private static Stream<String> pod(Workload workload) {
        var pod = workload.pod();
        var context = pod.getSecurityContext();
        if (context == null) {
            return Stream.of(workload.name() + " has no security context");
        }
        var bad = new Complaints(workload.name());
        bad.unless(Boolean.TRUE.equals(context.getRunAsNonRoot()), "may run as root");
        bad.unless(context.getRunAsUser() != null && context.getRunAsUser() > 0, "names no user");
        bad.unless(
                context.getSeccompProfile() != null
                        && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
                "has not the usual filter of system calls");
        bad.unless(Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()), "gets a token for the cluster");
        bad.unless(Boolean.FALSE.equals(pod.getEnableServiceLinks()), "gets the variables of services");
        bad.unless(
                pod.getHostNetwork() == null && pod.getHostPID() == null && pod.getHostIPC() == null,
                "shares something of its node");
        for (Volume volume : pod.getVolumes()) {
            bad.unless(volume.getHostPath() == null, "mounts " + volume.getName() + " from its node");
            bad.unless(
                    volume.getEmptyDir() == null || volume.getEmptyDir().getSizeLimit() != null,
                    "may fill its node by " + volume.getName());
        }
        return bad.stream();
    }

    private static Stream<String> container(Workload workload, Container container) {
        var bad = new Complaints(workload.name() + ": " + container.getName());
        bad.unless(pinned(container.getImage()), "has an image of no certain version, " + container.getImage());
        var context = container.getSecurityContext();
        bad.unless(
                context != null
                        && Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())
                        && !Boolean.TRUE.equals(context.getPrivileged())
                        && context.getCapabilities() != null
                        && List.of("ALL").equals(context.getCapabilities().getDrop())
                        && context.getCapabilities().getAdd().isEmpty(),
                "keeps rights");
        bad.unless(
                context != null && Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()),
                "may write to its root file system");
        resources(container, bad);
        probes(workload, container, bad);
        for (var mount : container.getVolumeMounts()) {
            bad.unless(hasVolume(workload, mount.getName()), "mounts " + mount.getName() + ", which is no volume");
        }
        for (var port : container.getPorts()) {
            bad.unless(port.getName() != null && port.getName().length() <= 15, "has a port without a usable name");
        }
        return bad.stream();
    }

    private static boolean hasVolume(Workload workload, String name) {
        return workload.pod().getVolumes().stream()
                        .anyMatch(volume -> volume.getName().equals(name))
                // The claims of a StatefulSet are volumes too; they all are called so.
                || (workload.name().startsWith("StatefulSet ") && name.equals("data"));
    }

    private static void resources(Container container, Complaints bad) {
        var resources = Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
        var requests = Optional.ofNullable(resources.getRequests()).orElse(Map.<String, Quantity>of());
        var limits = Optional.ofNullable(resources.getLimits()).orElse(Map.<String, Quantity>of());
        bad.unless(requests.containsKey("cpu") && requests.containsKey("memory"), "does not say what it needs");
        bad.unless(limits.containsKey("memory"), "has no limit of memory");
    }

    private static void probes(Workload workload, Container container, Complaints bad) {
        if (workload.name().startsWith("Job ")) {
            return;
        }
        bad.unless(
                container.getStartupProbe() != null && container.getReadinessProbe() != null,
                "is not asked whether it has started and is ready");
        Stream.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())
                .filter(Objects::nonNull)
                .map(Probe::getHttpGet)
                .filter(Objects::nonNull)
                .forEach(asked -> bad.unless(
                        container.getPorts().stream().anyMatch(port -> port.getName()
                                .equals(asked.getPort().getValue())),
                        "is asked at " + asked.getPort().getValue() + ", which is no port of its"));
    }

    private static boolean pinned(String image) {
        if (image.contains("@sha256:")) {
            return true;
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.contains(":") && !last.endsWith(":latest") && !last.endsWith(":");
    }
}
