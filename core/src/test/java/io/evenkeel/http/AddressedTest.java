package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressedTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/items/42",
                "//host/items",
                "///",
                "/a//b/../c/./",
                "/..",
                "/a:b/c;d=1",
                "/a%20b%2Fc/%E2%82%AC",
                "?",
                "/?",
                "?a=1",
                "/items?a=%26&b=/../c?d",
                "//host?a"
            })
    void whateverIsAskedForIsAskedOfTheReplicaAsItIsWritten(String asked) {
        URI service = URI.create("http://orders" + asked);
        for (String base : new String[] {"http://10.0.0.1:8080", "https://[::1]:8443/", "http://host/"}) {
            URI replica = Addressed.resolve(URI.create(base), service.getRawPath(), service.getRawQuery());

            assertThat(replica.toString())
                    .isEqualTo(base.replaceAll("/$", "") + service.toString().substring("http://orders".length()));
            assertThat(replica).isEqualTo(URI.create(replica.toString()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1:8080, 10.0.0.1, 8080",
        "http://[::1]:80, [::1], 80",
        "https://orders.example, orders.example, -1"
    })
    void hostAndPortAreTheReplicas(String base, String host, int port) {
        URI replica = Addressed.resolve(URI.create(base), "/items", "a=1");

        assertThat(replica.getHost()).isEqualTo(host);
        assertThat(replica.getPort()).isEqualTo(port);
        assertThat(replica.getScheme()).isEqualTo(URI.create(base).getScheme());
    }
}
