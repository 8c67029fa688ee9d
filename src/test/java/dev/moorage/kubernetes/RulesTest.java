package dev.moorage.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the rules can be broken: each row changes the base in one place, to something that Kubernetes would take. */
class RulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deployment        | image: moorage:0.1.0                | image: moorage                      | no certain version
            deployment        | image: moorage:0.1.0                | image: moorage:latest               | no certain version
            deployment        | runAsNonRoot: true                  | runAsNonRoot: false                 | may run as root
            deployment        | runAsUser: 10001                    | runAsUser: 0                        | names no user
            deployment        | type: RuntimeDefault                | type: Unconfined                    | filter of system calls
            deployment        | automountServiceAccountToken: false | automountServiceAccountToken: true  | a token for the cluster
            deployment        | enableServiceLinks: false           | enableServiceLinks: true            | variables of services
            deployment        | enableServiceLinks: false           | hostNetwork: true                   | something of its node
            deployment        | allowPrivilegeEscalation: false     | allowPrivilegeEscalation: true      | keeps rights
            deployment        | drop: [ALL]                         | drop: [NET_RAW]                     | keeps rights
            deployment        | readOnlyRootFilesystem: true        | readOnlyRootFilesystem: false       | root file system
            deployment        | sizeLimit: 256Mi                    | medium: Memory                      | may fill its node
            deployment        | name: tmp                           | name: cache                         | which is no volume
            deployment        | cpu: "1"                            | pods: "1"                           | does not say what it needs
            deployment        | port: management                    | port: managment                     | is no port of its
            deployment        | name: management                    | name: management-of-it              | without a usable name
            deployment        | name: moorage-settings              | name: moorage-setting               | takes settings from what is not there
            deployment        | name: moorage-secrets               | name: moorage-secret                | takes MOORAGE_ACCESS_ENCRYPTION_KEY from
            deployment        | MOORAGE_ACCESS_ENCRYPTION_KEY       | MOORAGE_ACCESS_ENCRYPTION_KEYS      | which sets nothing
            deployment        | MOORAGE_ACCESS_ENCRYPTION_KEY       | MOORAGE_ACCESS_ADMIN_PASSWORD       | twice
            deployment        | serviceAccountName: moorage         | serviceAccountName: default         | no service account
            deployment        | revisionHistoryLimit: 5             | replicas: 2                         | undoes with each apply
            deployment        | name: moorage                       | name: registry                      | is not what the autoscaler is for
            autoscaler        | minReplicas: 2                      | minReplicas: 1                      | below two replicas
            autoscaler        | kind: Deployment                    | kind: StatefulSet                   | fewer than two replicas
            disruption-budget | component: registry                 | component: register                 | is for no pods
            namespace         | enforce: restricted                 | enforce: baseline                   | pods may have rights
            namespace         | name: moorage                       | name: registry                      | a namespace that is not its own
            service-account   | Token: false                        | Token: true                         | no service account
            services          | targetPort: registry                | targetPort: 5010                    | leads to a port
            services          | name: moorage-management            | name: moorage                       | twice
            network-policies  | - 169.254.0.0/16                    | - 169.253.0.0/16                    | the metadata of the cloud
            network-policies  | - fd00:ec2::254/128                 | - fd00:ec2::253/128                 | the metadata of the cloud
            network-policies  | port: management                    | port: managers                      | opens a port
            network-policies  | part-of: moorage                    | part-of: anything                   | is for no pods
            """)
    void whatIsAmissIsNamed(String file, String right, String wrong, String complaint) throws IOException {
        var trees = new ArrayList<JsonNode>();
        for (var each : Manifests.objects()) {
            if (each.startsWith(Manifests.BASE)) {
                var text = Files.readString(each);
                if (each.endsWith(file + ".yaml")) {
                    assertThat(text).contains(right);
                    text = text.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong));
                }
                trees.addAll(StrictModel.trees(text));
            }
        }

        assertThat(Rules.complaints(Installation.of(Manifests.base(trees), Manifests.generated())))
                .anyMatch(said -> said.contains(complaint));
    }
}
