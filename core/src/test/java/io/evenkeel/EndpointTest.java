package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    private static final Endpoint PLAIN = Endpoint.of("http://10.0.0.1:8080");

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1:8080,        http://10.0.0.1:8080,       8080",
        "http://orders,               http://orders:80,           80",
        "https://orders,              https://orders:443,         443",
        "http://orders:80,            http://orders:80,           80",
        "https://orders:80,           https://orders:80,          80",
        "http://orders/,              http://orders:80,           80",
        "http://orders:/,             http://orders:80,           80",
        "HTTP://Orders.Example:80,    http://orders.example:80,   80",
        "HTTPS://ORDERS,              https://orders:443,         443",
        "http://[::1]:8080,           http://[::1]:8080,          8080",
        "http://[2001:DB8::A],        http://[2001:db8::a]:80,    80",
        "http://orders.:1,            http://orders.:1,           1",
        "http://a-b.c-d:65535,        http://a-b.c-d:65535,       65535",
        "grpc://orders:9090,          grpc://orders:9090,         9090",
        "tcp://10.0.0.1,              tcp://10.0.0.1,             -1",
    })
    void anAddressIsAccepted(String uri, String id, int port) {
        Endpoint endpoint = Endpoint.of(uri);
        assertThat(endpoint.uri()).isEqualTo(URI.create(uri));
        assertThat(endpoint.id()).isEqualTo(id);
        assertThat(endpoint.port()).isEqualTo(port);
        assertThat(endpoint).isEqualTo(Endpoint.of(URI.create(uri)));
        assertThat(endpoint.weight()).isEqualTo(1);
        assertThat(endpoint.zone()).isEmpty();
        assertThat(endpoint.priority()).isZero();
        assertThat(endpoint.tags()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                  no scheme",
        "10.0.0.1:8080,                       no URI",
        "orders,                              no scheme",
        "//orders:80,                         no scheme",
        "orders:8080,                         no legal host name",
        "http:,                               no URI",
        "http://,                             no URI",
        "http:///,                            no legal host name",
        "http:///items,                       no legal host name",
        "http://:8080,                        no legal host name",
        "http://or_ders:8080,                 no legal host name",
        "http://-orders,                      no legal host name",
        "http://orders.1,                     no legal host name",
        "http://or ders,                      no URI",
        "http://z\u00fcrich,                  no legal host name",
        "http://orders:port,                  no legal host name",
        "http://orders:-1,                    no legal host name",
        "http://orders:99999999999,           no legal host name",
        "http://[::1,                         no URI",
        "http://[::g],                        no URI",
        "http://orders:0,                     port outside 1 to 65535",
        "http://orders:70000,                 port outside 1 to 65535",
        "http://orders:65536,                 port outside 1 to 65535",
        "http://orders/items,                 path",
        "http://orders//,                     path",
        "http://orders?a=b,                   query",
        "http://orders/?,                     query",
        "http://orders#top,                   fragment",
        "http://orders/#,                     fragment",
        "http://me@orders,                    user-info",
        "http://@orders,                      user-info",
        "jdbc:postgresql://orders:5432/db,    no legal host name",
        "mailto:me,                           no legal host name",
        "file:/etc/hosts,                     no legal host name",
    })
    void anythingElseIsRefusedWithTheReason(String uri, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(uri))
                .withMessageStartingWith("endpoint ")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:s3cret@orders",
                "http://me:s3cret@or_ders",
                "http://me:s3cret@or ders",
                "http://me:s3cret@orders:70000",
                "http://me:p@s3cret@orders",
                "http://me:s3cret?@orders",
                "http://me:s3cret/@orders",
                "http://me:s3cret\n@orders",
                "http://me:\n@s3cret@orders",
                "//me:s3cret@orders",
                "me:s3cret@orders",
                "http:me:s3cret@orders",
                "jdbc:oracle:thin:scott/s3cret@orders:1521",
                "jdbc:postgresql://orders/db?user=me&password=s3cret",
                "http://orders?password=s3cret",
                "http://orders/?password=s3cret#top",
                "http://orders/ ?password=s3cret",
            })
    void noPasswordIsInAMessage(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(uri))
                .withMessageNotContaining("s3cret")
                .satisfies(error -> assertThat(error).hasNoCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:s3cret@orders", "http://orders:70000", "http://orders?a=b"})
    void theConstructorChecksAsTheFactoryDoes(String uri) {
        URI address = URI.create(uri);
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.of(address));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(address, "a", 1, Optional.empty(), 0, Map.of()))
                .withMessageNotContaining("s3cret");
    }

    @Test
    void aCopyChangesOneField() {
        Endpoint endpoint = PLAIN.withId("pod-1")
                .withWeight(2.5)
                .withZone("eu-1a")
                .withPriority(3)
                .withTag("version", "1")
                .withTag("version", "2")
                .withTag("rack", "7");
        assertThat(endpoint)
                .isEqualTo(new Endpoint(
                        PLAIN.uri(), "pod-1", 2.5, Optional.of("eu-1a"), 3, Map.of("version", "2", "rack", "7")));
        assertThat(PLAIN).isEqualTo(Endpoint.of("http://10.0.0.1:8080"));
    }

    @Test
    void endpointsAreEqualWhenAllFieldsAre() {
        assertThat(PLAIN.withWeight(1)).isEqualTo(PLAIN).hasSameHashCodeAs(PLAIN);
        assertThat(PLAIN.withId("a")).isNotEqualTo(PLAIN);
        assertThat(PLAIN.withWeight(2)).isNotEqualTo(PLAIN);
        assertThat(PLAIN.withZone("a")).isNotEqualTo(PLAIN);
        assertThat(PLAIN.withPriority(1)).isNotEqualTo(PLAIN);
        assertThat(PLAIN.withTag("a", "b")).isNotEqualTo(PLAIN);
        assertThat(Endpoint.of("http://10.0.0.1:8080/")).isNotEqualTo(PLAIN);
    }

    @Test
    void tagsAreTheEndpointsOwn() {
        Map<String, String> tags = new HashMap<>(Map.of("version", "1"));
        Endpoint endpoint = new Endpoint(PLAIN.uri(), "a", 1, Optional.empty(), 0, tags);
        tags.put("version", "2");
        assertThat(endpoint.tags()).containsExactly(Map.entry("version", "1"));
        assertThat(endpoint.tags()).isUnmodifiable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void blankNamesAreRefused(String blank) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.withId(blank))
                .withMessageContaining("id is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.withZone(blank))
                .withMessageContaining("zone is blank");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, -1, 1_000_000.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aWeightOutOfRangeIsRefused(double weight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.withWeight(weight))
                .withMessageContaining("weight is " + weight)
                .withMessageContaining("0 to 1000000");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aPriorityOutOfRangeIsRefused(int priority) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.withPriority(priority))
                .withMessageContaining("priority is " + priority)
                .withMessageContaining("0 to 1000");
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Endpoint.of((String) null));
        assertThatNullPointerException().isThrownBy(() -> Endpoint.of((URI) null));
        assertThatNullPointerException().isThrownBy(() -> PLAIN.withId(null));
        assertThatNullPointerException().isThrownBy(() -> PLAIN.withZone(null));
        assertThatNullPointerException().isThrownBy(() -> PLAIN.withTag(null, "a"));
        assertThatNullPointerException().isThrownBy(() -> PLAIN.withTag("a", null));
        assertThatNullPointerException().isThrownBy(() -> new Endpoint(PLAIN.uri(), "a", 1, null, 0, Map.of()));
        assertThatNullPointerException().isThrownBy(() -> new Endpoint(PLAIN.uri(), "a", 1, Optional.empty(), 0, null));
    }
}
