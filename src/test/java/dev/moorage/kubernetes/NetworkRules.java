package dev.moorage.kubernetes;

import static dev.moorage.kubernetes.Installation.name;

import dev.moorage.kubernetes.Installation.Workload;
import dev.moorage.name.Network;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** What is amiss with who may speak to whom. */
final class NetworkRules {

    // At these the clouds hand out the credentials of a node.
    private static final List<String> METADATA = List.of("169.254.169.254", "fd00:ec2::254");

    private NetworkRules() {}

    static Stream<String> complaints(Installation installation) {
        return Stream.concat(
                installation.workloads().flatMap(workload -> closed(installation, workload)),
                installation.all(NetworkPolicy.class).flatMap(policy -> policy(installation, policy)));
    }

    private static Stream<String> closed(Installation installation, Workload workload) {
        var bad = new Complaints(workload.name());
        for (String direction : List.of("Ingress", "Egress")) {
            bad.unless(
                    installation
                            .all(NetworkPolicy.class)
                            .filter(policy -> policy.getSpec().getPolicyTypes().contains(direction))
                            .anyMatch(policy ->
                                    Installation.selects(policy.getSpec().getPodSelector(), workload.labels())),
                    "is open to everybody: no policy is for its " + direction);
        }
        return bad.stream();
    }

    private static Stream<String> policy(Installation installation, NetworkPolicy policy) {
        var bad = new Complaints(name(policy));
        var spec = policy.getSpec();
        var pods = installation.with(spec.getPodSelector()).toList();
        bad.unless(!pods.isEmpty(), "is for no pods");
        bad.unless(
                spec.getIngress().isEmpty() || spec.getPolicyTypes().contains("Ingress"),
                "has rules it does not apply");
        bad.unless(
                spec.getEgress().isEmpty() || spec.getPolicyTypes().contains("Egress"), "has rules it does not apply");
        for (var rule : spec.getIngress()) {
            bad.unless(!rule.getFrom().isEmpty() && !rule.getPorts().isEmpty(), "lets everybody in");
            for (NetworkPolicyPort port : rule.getPorts()) {
                bad.unless(
                        pods.stream().allMatch(pod -> pod.hasPort(port.getPort().getValue())),
                        "opens a port that its pods have not, " + port.getPort().getValue());
            }
        }
        for (var rule : spec.getEgress()) {
            bad.unless(!rule.getTo().isEmpty() && !rule.getPorts().isEmpty(), "lets out everywhere");
            for (var peer : rule.getTo()) {
                for (String address : METADATA) {
                    bad.unless(
                            peer.getIpBlock() == null || !reaches(peer.getIpBlock(), address),
                            "lets out to the metadata of the cloud, " + address);
                }
            }
        }
        return bad.stream();
    }

    private static boolean reaches(IPBlock block, String address) {
        return contains(block.getCidr(), address)
                && block.getExcept().stream().noneMatch(except -> contains(except, address));
    }

    private static boolean contains(String network, String address) {
        try {
            return Network.parse(network).orElseThrow().contains(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
