package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifests in {@code examples/kubernetes} fit together, and allow what the source asks for and no more. */
class ManifestsTest {

    private static final Path FOLDER = Path.of("../../examples/kubernetes");

    private final List<HasMetadata> resources = new ArrayList<>();

    @BeforeEach
    void read() throws IOException {
        KubernetesSerialization yaml = new KubernetesSerialization();
        for (String file : List.of("access.yaml", "orders.yaml", "web.yaml")) {
            for (String document : Files.readString(FOLDER.resolve(file)).split("(?m)^---$", -1)) {
                HasMetadata resource = yaml.unmarshal(document);
                resources.add(resource);
            }
        }
    }

    @Test
    void theRoleAllowsToListAndWatchEndpointSlicesAndNothingElse() {
        PolicyRule rule = only(Role.class).getRules().getFirst();

        assertThat(only(Role.class).getRules()).hasSize(1);
        assertThat(rule.getApiGroups()).containsExactly("discovery.k8s.io");
        assertThat(rule.getResources()).containsExactly("endpointslices");
        assertThat(rule.getVerbs()).containsExactlyInAnyOrder("list", "watch");
        assertThat(rule.getResourceNames()).isEmpty();
    }

    @Test
    void theRoleIsBoundToTheServiceAccountOfWhoAsks() {
        RoleBinding binding = only(RoleBinding.class);
        ServiceAccount account = only(ServiceAccount.class);
        Deployment web = named(Deployment.class, "web");

        assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
        assertThat(binding.getRoleRef().getName())
                .isEqualTo(only(Role.class).getMetadata().getName());
        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
            assertThat(subject.getKind()).isEqualTo("ServiceAccount");
            assertThat(subject.getName()).isEqualTo(account.getMetadata().getName());
            assertThat(subject.getNamespace()).isEqualTo(account.getMetadata().getNamespace());
        });
        assertThat(web.getSpec().getTemplate().getSpec().getServiceAccountName())
                .isEqualTo(account.getMetadata().getName());
        assertThat(web.getMetadata().getNamespace())
                .isEqualTo(account.getMetadata().getNamespace());
    }

    @Test
    void theRoleIsInTheNamespaceOfTheServiceThatIsAskedFor() {
        Service orders = only(Service.class);
        String uri = named(Deployment.class, "web")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .getFirst()
                .getValue();

        assertThat(only(Role.class).getMetadata().getNamespace())
                .isEqualTo(orders.getMetadata().getNamespace());
        assertThat(io.evenkeel.discovery.Sources.of(uri))
                .hasToString("KubernetesEndpoints[" + orders.getMetadata().getNamespace() + "/"
                        + orders.getMetadata().getName() + ":"
                        + orders.getSpec().getPorts().getFirst().getName() + "]");
    }

    @Test
    void theServiceSelectsThePodsOfItsDeployment() {
        Service service = only(Service.class);
        Deployment orders = named(Deployment.class, "orders");

        assertThat(orders.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(orders.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getPorts())
                .extracting(port -> port.getName())
                .contains(
                        service.getSpec().getPorts().getFirst().getTargetPort().getStrVal());
    }

    private <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found = all(kind);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private <T extends HasMetadata> T named(Class<T> kind, String name) {
        return all(kind).stream()
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private <T extends HasMetadata> List<T> all(Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
