package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class SearchPathTest {

    private static List<String> candidates(String name, int dots, String... domains) {
        List<Name> names = List.of(domains).stream().map(Records::name).toList();
        return new SearchPath(names, dots)
                .candidates(Records.name(name)).stream().map(Name::toString).toList();
    }

    @Test
    void aNameThatEndsInADotIsComplete() {
        assertThat(candidates("orders.", 1, "a.example.")).containsExactly("orders.");
    }

    @Test
    void aNameWithDotsEnoughIsTriedAsItIsFirst() {
        assertThat(candidates("orders.shop", 1, "a.example.", "example."))
                .containsExactly("orders.shop.", "orders.shop.a.example.", "orders.shop.example.");
    }

    @Test
    void aNameWithTooFewDotsIsTriedAsItIsLast() {
        assertThat(candidates("orders.shop", 5, "a.example.", "example."))
                .containsExactly("orders.shop.a.example.", "orders.shop.example.", "orders.shop.");
    }

    @Test
    void withoutDomainsANameIsAsItIs() {
        assertThat(candidates("orders", 1)).containsExactly("orders.");
    }

    @Test
    void aDomainThatMakesTheNameTooLongIsPassedOver() {
        String label = "a".repeat(63);
        String domain = (label + ".").repeat(3);
        assertThat(candidates("orders." + label, 1, domain, "example."))
                .containsExactly("orders." + label + ".", "orders." + label + ".example.");
    }
}
