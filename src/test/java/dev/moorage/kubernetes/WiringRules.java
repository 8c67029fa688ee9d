package dev.moorage.kubernetes;

import static dev.moorage.kubernetes.Installation.name;

import dev.moorage.kubernetes.Installation.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What is amiss between objects: one names another that is not there, or chooses none. */
final class WiringRules {

    private WiringRules() {}

    static Stream<String> complaints(Installation installation) {
        return Stream.of(
                        namespaces(installation),
                        workloads(installation),
                        services(installation),
                        budgets(installation),
                        replicas(installation),
                        waysIn(installation),
                        monitors(installation))
                .flatMap(found -> found);
    }

    private static Stream<String> namespaces(Installation installation) {
        var bad = new Complaints("the installation");
        Set<String> seen = new HashSet<>();
        for (HasMetadata object : installation.objects()) {
            bad.unless(seen.add(name(object)), "has " + name(object) + " twice");
            if (object instanceof Namespace namespace) {
                bad.unless(
                        "restricted"
                                .equals(namespace.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")),
                        "has a namespace in which pods may have rights");
            } else {
                bad.unless(
                        installation
                                .named(Namespace.class, object.getMetadata().getNamespace())
                                .isPresent(),
                        "has " + name(object) + " in a namespace that is not its own");
            }
        }
        return bad.stream();
    }

    private static Stream<String> workloads(Installation installation) {
        return installation.workloads().flatMap(workload -> {
            var bad = new Complaints(workload.name());
            bad.unless(
                    workload.selector() == null || Installation.selects(workload.selector(), workload.labels()),
                    "does not select its own pods");
            String account = workload.pod().getServiceAccountName();
            bad.unless(
                    account == null
                            || installation
                                    .named(ServiceAccount.class, account)
                                    .filter(it -> Boolean.FALSE.equals(it.getAutomountServiceAccountToken()))
                                    .isPresent(),
                    "has no service account without a token, " + account);
            return bad.stream();
        });
    }

    private static Stream<String> services(Installation installation) {
        return installation.all(Service.class).flatMap(service -> {
            var bad = new Complaints(name(service));
            var behind = installation.with(service.getSpec().getSelector()).toList();
            bad.unless(!behind.isEmpty(), "has no pods behind it");
            for (var port : service.getSpec().getPorts()) {
                bad.unless(
                        behind.stream().allMatch(workload -> has(workload, port.getTargetPort())),
                        "leads to a port that its pods have not");
            }
            return bad.stream();
        });
    }

    private static boolean has(Workload workload, IntOrString port) {
        return port != null && workload.hasPort(port.getValue());
    }

    private static Stream<String> budgets(Installation installation) {
        return installation.all(PodDisruptionBudget.class).flatMap(budget -> {
            var bad = new Complaints(name(budget));
            bad.unless(
                    installation.with(budget.getSpec().getSelector()).findAny().isPresent(), "is for no pods");
            return bad.stream();
        });
    }

    // Either an autoscaler says how many replicas there are, and the Deployment does not, or the other way round.
    private static Stream<String> replicas(Installation installation) {
        return installation.all(Deployment.class).flatMap(deployment -> {
            var bad = new Complaints(name(deployment));
            var scalers = installation
                    .all(HorizontalPodAutoscaler.class)
                    .map(HorizontalPodAutoscaler::getSpec)
                    .filter(scaler -> scaler.getScaleTargetRef().getKind().equals(deployment.getKind())
                            && scaler.getScaleTargetRef().getApiVersion().equals(deployment.getApiVersion())
                            && scaler.getScaleTargetRef()
                                    .getName()
                                    .equals(deployment.getMetadata().getName()))
                    .toList();
            Integer fixed = deployment.getSpec().getReplicas();
            bad.unless(
                    scalers.size()
                            == installation.all(HorizontalPodAutoscaler.class).count(),
                    "is not what the autoscaler is for");
            if (scalers.isEmpty()) {
                bad.unless(fixed != null && fixed >= 2, "has fewer than two replicas");
            } else {
                bad.unless(fixed == null, "undoes with each apply what its autoscaler chose");
                bad.unless(scalers.getFirst().getMinReplicas() >= 2, "may be scaled below two replicas");
            }
            return bad.stream();
        });
    }

    private static Stream<String> waysIn(Installation installation) {
        var bad = new Complaints("the way in");
        installation.all(Ingress.class).forEach(ingress -> {
            var annotations = ingress.getMetadata().getAnnotations();
            bad.unless("0".equals(annotations.get("nginx.ingress.kubernetes.io/proxy-body-size")), "limits bodies");
            bad.unless(
                    "off".equals(annotations.get("nginx.ingress.kubernetes.io/proxy-request-buffering")),
                    "keeps bodies before it passes them on");
            ingress.getSpec().getRules().stream()
                    .flatMap(rule -> rule.getHttp().getPaths().stream())
                    .map(path -> path.getBackend().getService())
                    .forEach(backend -> bad.unless(
                            installation.named(Service.class, backend.getName()).stream()
                                    .flatMap(service -> service.getSpec().getPorts().stream())
                                    .anyMatch(port -> port.getName()
                                            .equals(backend.getPort().getName())),
                            "leads to a service or port that is not there, " + backend.getName()));
            for (var rule : ingress.getSpec().getRules()) {
                bad.unless(
                        ingress.getSpec().getTls().stream()
                                .anyMatch(tls -> tls.getHosts().contains(rule.getHost())),
                        "has no certificate for " + rule.getHost());
            }
        });
        installation.all(HTTPRoute.class).forEach(route -> {
            for (var parent : route.getSpec().getParentRefs()) {
                bad.unless(
                        installation.named(Gateway.class, parent.getName()).stream()
                                .flatMap(gateway -> gateway.getSpec().getListeners().stream())
                                .anyMatch(listener -> listener.getName().equals(parent.getSectionName())
                                        && route.getSpec().getHostnames().contains(listener.getHostname())),
                        "has a route to no listener of its gateway");
            }
            route.getSpec().getRules().stream()
                    .flatMap(rule -> rule.getBackendRefs().stream())
                    .forEach(backend -> bad.unless(
                            installation.named(Service.class, backend.getName()).stream()
                                    .flatMap(service -> service.getSpec().getPorts().stream())
                                    .anyMatch(port -> port.getPort().equals(backend.getPort())),
                            "leads to a service or port that is not there, " + backend.getName()));
        });
        return bad.stream();
    }

    private static Stream<String> monitors(Installation installation) {
        return installation.all(ServiceMonitor.class).flatMap(monitor -> {
            var bad = new Complaints(name(monitor));
            var services = installation
                    .all(Service.class)
                    .filter(service -> Installation.selects(
                            monitor.getSpec().getSelector(),
                            service.getMetadata().getLabels()))
                    .toList();
            bad.unless(services.size() == 1, "is for %d services".formatted(services.size()));
            for (var endpoint : monitor.getSpec().getEndpoints()) {
                bad.unless(
                        services.stream()
                                .flatMap(service -> service.getSpec().getPorts().stream())
                                .anyMatch(port -> port.getName().equals(endpoint.getPort())),
                        "asks a port that is not there");
            }
            return bad.stream();
        });
    }
}
