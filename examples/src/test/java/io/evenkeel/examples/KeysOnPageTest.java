package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThatIOException;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.http.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What the guide shows of certificates and keys. */
class KeysOnPageTest {

    @Test
    void filesThatAreNotThereAreRefusedAtTheStart() {
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .endpoints("https://10.0.0.1:8443")
                .build()) {
            assertThatIOException().isThrownBy(() -> client(orders)).withMessageContaining("/etc/tls/");
        }
    }

    private static HttpClient client(LoadBalancer orders) throws IOException, GeneralSecurityException {
        SSLContext tls = TlsFiles.trusting(Path.of("/etc/tls/ca.crt"))
                .withKey(Path.of("/etc/tls/tls.crt"), Path.of("/etc/tls/tls.key"))
                .context();
        HttpClient client = BalancedHttpClient.builder()
                .transport(() -> HttpClient.newBuilder().sslContext(tls))
                .balance(orders)
                .build();
        return client;
    }
}
