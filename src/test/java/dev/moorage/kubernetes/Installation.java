package dev.moorage.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All objects of one installation, as they would be applied.
 *
 * @param provided the names of Secrets and ConfigMaps that somebody else makes
 */
record Installation(List<HasMetadata> objects, Set<String> provided) {

    /** What makes pods: its own name for messages, what it takes for its pods, and how these look. */
    record Workload(String name, LabelSelector selector, PodTemplateSpec template) {

        Map<String, String> labels() {
            return Optional.ofNullable(template.getMetadata().getLabels()).orElse(Map.of());
        }

        PodSpec pod() {
            return template.getSpec();
        }

        Stream<Container> containers() {
            return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream());
        }

        Stream<ContainerPort> ports() {
            return containers().flatMap(container -> container.getPorts().stream());
        }

        boolean hasPort(Object nameOrNumber) {
            return ports().anyMatch(port -> port.getName().equals(nameOrNumber)
                    || port.getContainerPort().equals(nameOrNumber));
        }
    }

    /** What a file holds. */
    static Installation of(Path file, Set<String> provided) throws IOException {
        return of(StrictModel.trees(file), provided);
    }

    static Installation of(List<JsonNode> trees, Set<String> provided) {
        return new Installation(trees.stream().map(StrictModel::read).toList(), provided);
    }

    <T extends HasMetadata> Stream<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    <T extends HasMetadata> Optional<T> named(Class<T> type, String name) {
        return all(type)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    Stream<Workload> workloads() {
        return objects.stream().flatMap(object -> switch (object) {
            case Deployment it ->
                Stream.of(new Workload(
                        name(it), it.getSpec().getSelector(), it.getSpec().getTemplate()));
            case StatefulSet it ->
                Stream.of(new Workload(
                        name(it), it.getSpec().getSelector(), it.getSpec().getTemplate()));
            case Job it ->
                Stream.of(new Workload(
                        name(it), it.getSpec().getSelector(), it.getSpec().getTemplate()));
            default -> Stream.empty();
        });
    }

    /** The workloads whose pods have all these labels. */
    Stream<Workload> with(Map<String, String> labels) {
        return workloads().filter(workload -> selects(labels, workload.labels()));
    }

    /** The workloads whose pods this selector takes. */
    Stream<Workload> with(LabelSelector selector) {
        return workloads().filter(workload -> selects(selector, workload.labels()));
    }

    static boolean selects(Map<String, String> wanted, Map<String, String> labels) {
        return wanted != null && labels != null && labels.entrySet().containsAll(wanted.entrySet());
    }

    static boolean selects(LabelSelector selector, Map<String, String> labels) {
        if (!selector.getMatchExpressions().isEmpty()) {
            throw new IllegalArgumentException("only labels are understood here, no expressions: " + selector);
        }
        return Optional.ofNullable(selector.getMatchLabels()).orElse(Map.of()).entrySet().stream()
                .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }

    static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
