package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.Sources;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZooKeeperEndpointsTest {

    private final ZooKeeperEndpoints source = ZooKeeperEndpoints.at("10.0.0.1:2181,10.0.0.2:2181", "/services/orders");

    @Test
    void aUriDescribesTheSameSource() {
        assertThat(Sources.of("zookeeper://10.0.0.1:2181,10.0.0.2:2181/services/orders?session=30s"))
                .isInstanceOf(ZooKeeperEndpoints.class)
                .hasToString(source.toString())
                .hasToString("zookeeper://10.0.0.1:2181,10.0.0.2:2181/services/orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zookeeper:///services/orders",
                "zookeeper://10.0.0.1:2181",
                "zookeeper://10.0.0.1:2181/services/orders/",
                "zookeeper://10.0.0.1:2181/services/orders?sesion=30s",
                "zookeeper://10.0.0.1:2181/services/orders?session=0s"
            })
    void aWrongUriIsRefused(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sources.of(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a:2181,", ",a:2181", "a:2181, b:2181", "a:2181/"})
    void wrongServersAreRefused(String servers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperEndpoints.at(servers, "/services/orders"))
                .withMessage("servers is " + servers + ", but must be host:port, or several with commas between");
    }

    @Test
    void userInfoIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperEndpoints.at("user:secret@a:2181", "/services/orders"))
                .withMessage("servers has user-info, which may hold a password: see withAuth");
    }

    @Test
    void serversMayBeIpv6Addresses() {
        assertThat(Sources.of("zookeeper://[::1]:2181,[::2]:2181/services/orders"))
                .hasToString("zookeeper://[::1]:2181,[::2]:2181/services/orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "services", "/services/", "//services", "/services//orders", "/a/./b", "/..", "/a\u0000"})
    void aWrongPathIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperEndpoints.at("a:2181", path))
                .withMessage(
                        "path is %s, but must be absolute and without a slash at its end, such as /services/orders",
                        path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/services/.orders", "/services/orders..", "/ünïcode/näme"})
    void aPathMayBeAnyThatZooKeeperKnows(String path) {
        assertThatCode(() -> ZooKeeperEndpoints.at("a:2181/shop", path)).doesNotThrowAnyException();
    }

    @Test
    void theTimeoutOfTheSessionHasARange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withSessionTimeout(Duration.ofMillis(999)))
                .withMessage("sessionTimeout is PT0.999S, but must be PT1S to PT5M");
        assertThatIllegalArgumentException().isThrownBy(() -> source.withSessionTimeout(Duration.ofMinutes(6)));
        assertThatCode(() -> source.withSessionTimeout(Duration.ofSeconds(1))).doesNotThrowAnyException();
    }

    @Test
    void credentialsAreNotShown() {
        assertThat(source.withAuth("digest", () -> "reader:secret".getBytes(UTF_8)))
                .hasToString(source.toString());
    }
}
