package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesEndpointsTest {

    private final KubernetesEndpoints source = KubernetesEndpoints.of("shop", "orders");

    @Test
    void itIsNamedByTheServiceAndWhatIsTakenOfIt() {
        assertThat(source).hasToString("KubernetesEndpoints[shop/orders]");
        assertThat(KubernetesEndpoints.of("orders")).hasToString("KubernetesEndpoints[orders]");
        assertThat(source.withPort("web").withScheme("https").withZoneHints(true))
                .hasToString("KubernetesEndpoints[shop/orders:web https by zone hints]");
        assertThat(source.withPort(8080)).hasToString("KubernetesEndpoints[shop/orders:8080]");
    }

    @Test
    void copiesLeaveTheOriginal() {
        assertThat(source.withPort("web")).isNotSameAs(source);
        assertThat(source).hasToString("KubernetesEndpoints[shop/orders]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orders", "-orders", "orders-", "a,b", "a=b", "a/b", "../x", " "})
    void aNameThatKubernetesWouldNotTakeIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KubernetesEndpoints.of("shop", name))
                .withMessage("service is \"" + name
                        + "\", but must be 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KubernetesEndpoints.of(name, "orders"))
                .withMessageStartingWith("namespace is \"" + name + "\", but must be");
    }

    @Test
    void aNameHasAtLeastOneAndAtMost63Characters() {
        assertThat(KubernetesEndpoints.of("a".repeat(63)).toString()).contains("aaa");
        assertThatIllegalArgumentException().isThrownBy(() -> KubernetesEndpoints.of("a".repeat(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> KubernetesEndpoints.of(""));
    }

    @Test
    void portsAndSchemesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPort(0))
                .withMessage("port is 0, but must be 1 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPort(65_536))
                .withMessage("port is 65536, but must be 1 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPort("8080"))
                .withMessage("port is \"8080\", but must be 1 to 63 of a-z, 0-9 and -, of which one is a letter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withScheme("http://"))
                .withMessage("scheme is \"http://\", but must be a letter, and then letters, digits, +, . and -");
    }

    @Test
    void nullIsRefusedAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> source.withConfig(null));
        assertThatNullPointerException().isThrownBy(() -> source.watch(null));
    }

    // By URI

    @Test
    void aUriDescribesIt() {
        assertThat(of("k8s://shop/orders")).hasToString("KubernetesEndpoints[shop/orders]");
        assertThat(of("k8s://shop/orders:web")).hasToString("KubernetesEndpoints[shop/orders:web]");
        assertThat(of("k8s://shop/orders:8080?scheme=https&zoneHints=true"))
                .hasToString("KubernetesEndpoints[shop/orders:8080 https by zone hints]");
    }

    @Test
    void aUriWithoutNamespaceMeansThatOfWhoeverAsks() {
        assertThat(of("k8s:///orders:web")).hasToString("KubernetesEndpoints[orders:web]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k8s://shop",
                "k8s://shop/",
                "k8s://shop/orders:",
                "k8s://shop/orders:1:2",
                "k8s://shop/orders:99999",
                "k8s://shop/orders/x",
                "k8s:orders:1:2",
                "k8s://shop/orders?zoneHints=***",
                "k8s://shop/orders?scheme=***"
            })
    void aUriThatIsWrongIsRefusedWithItself(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(uri)).withMessageStartingWith("source " + uri + ": ");
    }

    @Test
    void aParameterThatNobodyKnowsIsRefusedWithoutItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("k8s://shop/orders?token=s3cret"))
                .withMessageStartingWith("source k8s://shop/orders?token=***: it has unknown parameters, [token]");
    }

    private static EndpointSource of(String uri) {
        return Sources.of(uri);
    }
}
