package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.balance.LoadBalancer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "Orders",
                "ORDERS",
                "orders.internal",
                "or-ders",
                "orders.v1",
                "o",
                "orders2",
                "1",
                "10.0.0.1",
                "[::1]"
            })
    void aHostNameIsAName(String name) {
        try (LoadBalancer balancer =
                LoadBalancer.builder(name).endpoints("http://10.0.0.1").build()) {
            assertThat(balancer.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "or_ders",
                "orders.1",
                "orders:80",
                "me@orders",
                "orders/items",
                "orders?",
                "orders#",
                "-orders",
                "orders-",
                "or ders",
                " orders",
                "orders\n",
                "or..ders",
                ".orders",
                "z\u00fcrich",
                "%41",
                "{orders}",
                "[::1"
            })
    void anythingElseIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadBalancer.builder(name))
                .withMessageStartingWith("balancer name \"" + name + "\" is no legal host name: ");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void noNameIsRefused(String name) {
        if (name == null) {
            assertThatNullPointerException().isThrownBy(() -> LoadBalancer.builder(name));
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoadBalancer.builder(name))
                    .withMessageContaining("\"\" is no legal host name");
        }
    }

    @Test
    void aLongNameIsAName() {
        String name = "o".repeat(63) + ".internal";
        assertThat(LoadBalancer.builder(name)).isNotNull();
    }
}
