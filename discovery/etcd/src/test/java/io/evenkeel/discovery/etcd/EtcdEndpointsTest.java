package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.Sources;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdEndpointsTest {

    private static final URI A = URI.create("http://10.0.0.1:2379");
    private static final URI SECURE = URI.create("https://10.0.0.1:2379");

    @Test
    void aUriDescribesTheSameSource() {
        assertThat(Sources.of("etcd://10.0.0.1:2379,10.0.0.2:2379/services/orders/?ca=/etc/ca.pem"))
                .isInstanceOf(EtcdEndpoints.class)
                .hasToString(EtcdEndpoints.at("/services/orders/", SECURE, URI.create("https://10.0.0.2:2379"))
                        .toString())
                .hasToString("etcd://10.0.0.1:2379,10.0.0.2:2379/services/orders/");
    }

    @Test
    void serversMayBeIpv6Addresses() {
        assertThat(Sources.of("etcd://[::1]:2379,[::2]:2379/services/orders/"))
                .hasToString("etcd://[::1]:2379,[::2]:2379/services/orders/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcd:///services/orders/",
                "etcd://10.0.0.1:2379",
                "etcd://10.0.0.1/services/orders/",
                "etcd://10.0.0.1:2379,/services/orders/",
                "etcd://10.0.0.1:2379/services/orders/?plaintext=yes",
                "etcd://10.0.0.1:2379/services/orders/?plaintxt=true",
                "etcd://10.0.0.1:2379/services/orders/?plaintext=true&ca=/etc/ca.pem"
            })
    void aWrongUriIsRefused(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sources.of(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.0.0.1", "localhost:2379", "ftp://10.0.0.1:2379", "/a"})
    void aWrongEndpointIsRefused(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdEndpoints.at("/services/", URI.create(endpoint)))
                .withMessage("endpoint is " + endpoint + ", but must be http://host:port or https://host:port");
    }

    @Test
    void noEndpointOrPrefixAtAllIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EtcdEndpoints.at("/services/"));
        assertThatIllegalArgumentException().isThrownBy(() -> EtcdEndpoints.at("", A));
    }

    @Test
    void endpointsWithAndWithoutTlsDoNotMix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdEndpoints.at("/services/", A, SECURE))
                .withMessage("endpoints are [" + A + ", " + SECURE + "], but must all be http, or all https");
    }

    @Test
    void trustIsForHttps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdEndpoints.at("/services/", A).withTrust(Path.of("/etc/ca.pem")))
                .withMessage("endpoints are [" + A + "], but must be https for trust to matter");
    }

    @Test
    void credentialsAreNotShown() {
        assertThat(EtcdEndpoints.at("/services/", A).withUser("reader", () -> "secret"))
                .hasToString("etcd://10.0.0.1:2379/services/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://reader:secret@10.0.0.1:2379",
                "http://reader:secret@a_b:2379",
                "http:reader:secret@a:2379"
            })
    void userInfoIsRefusedAndNotShown(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdEndpoints.at("/services/", URI.create(endpoint)))
                .withMessageContaining("user-info")
                .withMessageNotContaining("secret");
    }
}
