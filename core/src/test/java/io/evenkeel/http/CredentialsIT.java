package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.balance.LoadBalancer;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Credentials of one service where another has a replica at the same address, at the same time or later: the JDK's client remembers them by address. */
@Timeout(60)
class CredentialsIT {

    /** A password of its own for each host. */
    private static final class Known extends Authenticator {

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("user", ("of " + getRequestingHost()).toCharArray());
        }
    }

    private static String basic(String host) {
        return "Basic " + Base64.getEncoder().encodeToString(("user:of " + host).getBytes(StandardCharsets.UTF_8));
    }

    private static ScriptedServer challenging() throws Exception {
        return ScriptedServer.start(visit -> {
            boolean authorised = !visit.request().header("authorization").isEmpty();
            visit.answer(authorised ? 200 : 401, "in", "WWW-Authenticate: Basic realm=\"here\"");
        });
    }

    private static void call(ScriptedServer server, UnaryOperator<LoadBalancer.Builder> settings, String... services)
            throws Exception {
        try (LoadBalancer orders = balancer("orders", settings, server);
                LoadBalancer users = balancer("users", settings, server);
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().authenticator(new Known()))
                        .balance(orders)
                        .balance(users)
                        .build()) {
            for (String service : services) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + service + "/items"))
                        .build();
                assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static LoadBalancer balancer(
            String name, UnaryOperator<LoadBalancer.Builder> settings, ScriptedServer server) {
        return settings.apply(LoadBalancer.builder(name).endpoints(server.endpoint()))
                .build();
    }

    @Test
    void credentialsOfAServiceAreNotSentForAnother() throws Exception {
        try (ScriptedServer server = challenging()) {
            call(server, settings -> settings, "orders", "users", "orders");
            assertThat(server.requests())
                    .extracting(request -> request.header("authorization"))
                    .containsExactly("", basic("orders"), "", basic("users"), basic("orders"));
        }
    }

    @Test
    void norWhereBothHaveOneAuthority() throws Exception {
        try (ScriptedServer server = challenging()) {
            call(server, settings -> settings.authority("gateway.example"), "orders", "users", "orders");
            assertThat(server.requests())
                    .extracting(request -> request.header("authorization"))
                    .containsExactly("", basic("orders"), "", basic("users"), basic("orders"));
        }
    }
}
