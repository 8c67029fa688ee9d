package dev.moorage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the check of what is in {@code k8s/} can fail: each row breaks the base's Deployment in one place. */
class StrictModelTest {

    private static final Path DEPLOYMENT = Path.of("k8s/base/deployment.yaml");

    @Test
    void theFileItselfIsRead() throws IOException {
        assertThat(StrictModel.read(StrictModel.trees(DEPLOYMENT).getFirst())).isInstanceOf(Deployment.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what stands there           | what stands there instead      | what the complaint names
            minReadySeconds: 5            | minReadySecond: 5              | minReadySecond
            minReadySeconds: 5            | replica: 2                     | replica
            minReadySeconds: 5            | minReadySeconds: "5"           | minReadySeconds
            failureThreshold: 150         | failureTreshold: 150           | failureTreshold
            path: /q/health/started       | pth: /q/health/started         | pth
            drop: [ALL]                   | drp: [ALL]                     | drp
            drop: [ALL]                   | drop: ALL                      | drop
            optional: true                | optional: yes please           | optional
            key: encryption-key           | name: encryption-key           | name
            cpu: "1"                      | cpu: [1]                       | cpu
            sizeLimit: 256Mi              | sizelimit: 256Mi               | sizelimit
            apiVersion: apps/v1           | apiVersion: apps/v1beta9       | apps/v1beta9
            kind: Deployment              | kind: Deploymnet               | Deploymnet
            maxUnavailable: 0             | maxUnavailable: {}             | maxUnavailable
            """)
    void whatTheTypeDoesNotHaveIsRefusedByItsName(String right, String wrong, String named) throws IOException {
        var text = Files.readString(DEPLOYMENT);
        assertThat(text).contains(right);

        assertThatThrownBy(() -> {
                    for (var tree : StrictModel.trees(text.replaceFirst(java.util.regex.Pattern.quote(right), wrong))) {
                        StrictModel.read(tree);
                    }
                })
                .hasMessageContaining(named);
    }
}
