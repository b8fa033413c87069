package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.discovery.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XdsEndpointsTest {

    // Settings

    @Test
    void itSaysWhatItWatches() {
        assertThat(XdsEndpoints.of("127.0.0.1:18000", "orders").withToken(() -> "s3cret"))
                .hasToString("xds://127.0.0.1:18000/orders");
        assertThat(XdsEndpoints.of("[::1]:18000", "orders")).hasToString("xds://[::1]:18000/orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "xds.example", "xds.example:", "xds.example:0", "xds.example:65536", "a:1/b", "a:1?b", ":1"})
    void anAddressThatIsNoneIsRefused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdsEndpoints.of(address, "orders"))
                .withMessage("the control plane's address is " + address
                        + ", but must be host:port, with a port of 1 to 65535");
    }

    @Test
    void anAddressWithAPasswordIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdsEndpoints.of("me:s3cret@xds.example:1", "orders"))
                .withMessageNotContaining("s3cret");
    }

    @Test
    void aBadSettingIsRefusedByName() {
        XdsEndpoints source = XdsEndpoints.of("127.0.0.1:18000", "orders");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdsEndpoints.of("127.0.0.1:18000", " "))
                .withMessage("cluster is blank, but must have at least one visible character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withNode("", "web"))
                .withMessage("id is blank, but must have at least one visible character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withScheme("ht tp"))
                .withMessage("scheme is ht tp, but must be one, such as https");
    }

    @Test
    void nullIsRefused() {
        XdsEndpoints source = XdsEndpoints.of("127.0.0.1:18000", "orders");

        assertThatNullPointerException().isThrownBy(() -> XdsEndpoints.of(null, "orders"));
        assertThatNullPointerException().isThrownBy(() -> source.withTls(null));
        assertThatNullPointerException().isThrownBy(() -> source.withTokenFile(null));
        assertThatNullPointerException().isThrownBy(() -> source.withLocality("eu", null, ""));
        assertThatNullPointerException().isThrownBy(() -> source.watch(null));
    }

    // URIs

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            xds://127.0.0.1:18000/orders                                    > xds://127.0.0.1:18000/orders
            xds://127.0.0.1:18000/orders?plaintext=true&delta=true&node=w-1 > xds://127.0.0.1:18000/orders
            xds://cp:1/a/b?node=w-1&node-cluster=web&cluster-first=true     > xds://cp:1/a/b
            xds://cp:1/outbound%7C80%7C%7Corders?scheme=https&zone=eu-1a    > xds://cp:1/outbound|80||orders
            xds://cp:1/orders?ca=/etc/ca.pem&token-file=/run/token          > xds://cp:1/orders
            xds://cp:1/orders?ca=/a&certificate=/b&key=/c&region=eu         > xds://cp:1/orders
            """)
    void aUriDescribesASource(String uri, String source) {
        assertThat(Sources.of(uri)).isInstanceOf(XdsEndpoints.class).hasToString(source);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            xds://cp:1                              | it names no cluster: write xds://host:port/cluster
            xds://cp:1/                             | it names no cluster: write xds://host:port/cluster
            xds:///orders                           | the control plane's address is
            xds://cp/orders                         | the control plane's address is cp, but must be host:port
            xds://cp:1/orders?node-cluster=web      | it has a node-cluster, but no node
            xds://cp:1/orders?plaintext=true&ca=/a  | it may have plaintext, or ca, or all of ca, certificate and key
            xds://cp:1/orders?certificate=/a&key=/b | it may have plaintext, or ca, or all of ca, certificate and key
            xds://cp:1/orders?ca=/a&key=/b          | it may have plaintext, or ca, or all of ca, certificate and key
            xds://cp:1/orders?plaintxt=true         | it has unknown parameters, [plaintxt]
            xds://cp:1/orders?delta=yes             | delta is yes, but must be true or false
            """)
    void aUriThatIsWrongIsRefusedWithTheReason(String uri, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sources.of(uri)).withMessageContaining(reason);
    }
}
