package io.evenkeel.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.Affinity;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions: each basket is in the memory of one replica, and whatever is put into it goes there. */
public final class Baskets {

    private Baskets() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        HttpServer one = replica("one");
        HttpServer two = replica("two");
        HttpServer three = replica("three");
        shop(address(one), address(two), address(three));
        one.stop(0);
        two.stop(0);
        three.stop(0);
    }

    private static void shop(String... replicas) throws IOException, InterruptedException {
        LoadBalancer baskets =
                LoadBalancer.builder("baskets").endpoints(replicas).build();
        HttpClient client = BalancedHttpClient.builder()
                .balance(baskets)
                .affinity(Affinity.cookie("BASKET"))
                .build();

        for (int customer = 1; customer <= 4; customer++) {
            HttpResponse<String> reply = put(client, Optional.empty());
            Optional<String> cookie = reply.headers().firstValue("Set-Cookie").map(value -> value.split(";", 2)[0]);
            for (int item = 2; item <= 5; item++) {
                reply = put(client, cookie);
            }
            System.out.println("Customer " + customer + ": " + reply.body());
        }

        client.close();
        baskets.close();
    }

    private static HttpResponse<String> put(HttpClient client, Optional<String> cookie)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://baskets/put")).POST(HttpRequest.BodyPublishers.noBody());
        cookie.ifPresent(value -> request.header("Cookie", value));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpServer replica(String name) throws IOException {
        Map<String, Integer> items = new ConcurrentHashMap<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/put", exchange -> {
            String basket = basket(exchange);
            answer(exchange, items.merge(basket, 1, Integer::sum) + " items at replica " + name);
        });
        server.start();
        return server;
    }

    /** The one that the request names, or a new one. */
    private static String basket(HttpExchange exchange) {
        String cookie = exchange.getRequestHeaders().getFirst("Cookie");
        if (cookie != null) {
            return cookie;
        }
        String made = "BASKET=" + UUID.randomUUID();
        exchange.getResponseHeaders().add("Set-Cookie", made + "; Path=/; HttpOnly");
        return made;
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
