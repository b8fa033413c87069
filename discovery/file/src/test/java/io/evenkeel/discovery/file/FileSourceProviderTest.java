package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.Sources;
import org.junit.jupiter.api.Test;

class FileSourceProviderTest {

    @Test
    void aPathNamesTheSource() {
        assertThat(Sources.of("file:/etc/orders.json?every=1s"))
                .isInstanceOf(FileEndpoints.class)
                .hasToString("FileEndpoints[/etc/orders.json every PT1S]");
        assertThat(Sources.of("file:///etc/orders%20of%20all.yaml"))
                .hasToString("FileEndpoints[/etc/orders of all.yaml every PT0.25S]");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("file://host/etc/orders.json"))
                .withMessageContaining("a file has no host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("file:/etc/orders.json?ever=1s"))
                .withMessageContaining("unknown parameters, [ever]: there are [every]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("file:/etc/orders.json?every=1us"))
                .withMessageContaining("every is 1us");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("file:/etc/a%00b"))
                .withMessageContaining("its path is none");
    }
}
