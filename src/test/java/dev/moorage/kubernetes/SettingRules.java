package dev.moorage.kubernetes;

import static dev.moorage.kubernetes.Installation.name;

import dev.moorage.kubernetes.Installation.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapEnvSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is amiss with the settings: where they come from, what they are called, who could read them. */
final class SettingRules {

    private static final Pattern OURS = Pattern.compile("(MOORAGE|QUARKUS)_.*");
    private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|SECRET|SECRET_KEY|ENCRYPTION_KEY)");

    private SettingRules() {}

    static Stream<String> complaints(Installation installation) {
        return Stream.concat(
                installation.all(ConfigMap.class).flatMap(SettingRules::plain),
                installation.workloads().flatMap(workload -> workload(installation, workload)));
    }

    /** Names of settings that no program takes. */
    static Stream<String> unknown(Stream<String> variables) {
        return variables.filter(name -> OURS.matcher(name).matches()).filter(name -> !KnownSettings.has(name));
    }

    private static Stream<String> plain(ConfigMap map) {
        var bad = new Complaints(name(map));
        for (String variable : keys(map.getData())) {
            bad.unless(!SECRET.matcher(variable).matches(), "shows everybody " + variable);
        }
        unknown(keys(map.getData()).stream())
                .forEach(variable -> bad.unless(false, "has %s, which sets nothing".formatted(variable)));
        return bad.stream();
    }

    private static Stream<String> workload(Installation installation, Workload workload) {
        var bad = new Complaints(workload.name());
        workload.containers().forEach(container -> {
            variables(installation, container, bad);
            unknown(container.getEnv().stream().map(EnvVar::getName))
                    .forEach(variable -> bad.unless(false, "has %s, which sets nothing".formatted(variable)));
        });
        for (var volume : workload.pod().getVolumes()) {
            Optional.ofNullable(volume.getConfigMap())
                    .ifPresent(it -> bad.unless(
                            hasMap(installation, it.getName(), paths(it.getItems())),
                            "mounts what is not there: " + it.getName()));
            Optional.ofNullable(volume.getSecret())
                    .ifPresent(it -> bad.unless(
                            hasSecret(installation, it.getSecretName(), paths(it.getItems())),
                            "mounts what is not there: " + it.getSecretName()));
        }
        return bad.stream();
    }

    private static void variables(Installation installation, Container container, Complaints bad) {
        Set<String> seen = new HashSet<>();
        for (var from : container.getEnvFrom()) {
            String map = Optional.ofNullable(from.getConfigMapRef())
                    .map(ConfigMapEnvSource::getName)
                    .orElse("(no ConfigMap)");
            bad.unless(hasMap(installation, map, List.of()), "takes settings from what is not there: " + map);
        }
        for (var variable : container.getEnv()) {
            bad.unless(seen.add(variable.getName()), "has " + variable.getName() + " twice");
            bad.unless(
                    variable.getValue() == null
                            || !SECRET.matcher(variable.getName()).matches(),
                    "shows everybody " + variable.getName());
            Optional.ofNullable(variable.getValueFrom())
                    .map(from -> from.getSecretKeyRef())
                    .ifPresent(from -> bad.unless(
                            hasSecret(installation, from.getName(), List.of(from.getKey())),
                            "takes %s from what is not there: %s of %s"
                                    .formatted(variable.getName(), from.getKey(), from.getName())));
        }
    }

    private static boolean hasMap(Installation installation, String name, List<String> keys) {
        return installation.provided().contains(name)
                || installation
                        .named(ConfigMap.class, name)
                        .filter(map -> keys(map.getData()).containsAll(keys))
                        .isPresent();
    }

    private static boolean hasSecret(Installation installation, String name, List<String> keys) {
        return installation.provided().contains(name)
                || installation
                        .named(Secret.class, name)
                        .filter(secret -> keys(secret.getData()).containsAll(keys))
                        .isPresent();
    }

    private static List<String> paths(List<KeyToPath> items) {
        return items.stream().map(KeyToPath::getKey).toList();
    }

    private static Set<String> keys(Map<String, String> data) {
        return Optional.ofNullable(data).map(Map::keySet).orElse(Set.of());
    }
}
