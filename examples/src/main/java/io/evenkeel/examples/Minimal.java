package io.evenkeel.examples;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.balance.LoadBalancer;
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

/** The first use: three replicas, and a client that is an {@link HttpClient}. */
public final class Minimal {

    private Minimal() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        HttpServer one = replica("one");
        HttpServer two = replica("two");
        HttpServer three = replica("three");
        call(address(one), address(two), address(three));
        one.stop(0);
        two.stop(0);
        three.stop(0);
    }

    private static void call(String... replicas) throws IOException, InterruptedException {
        LoadBalancer orders = LoadBalancer.builder("orders").endpoints(replicas).build();
        HttpClient client = BalancedHttpClient.of(orders);

        for (int item = 0; item < 12; item++) {
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create("http://orders/items/" + item))
                            .build(),
                    BodyHandlers.ofString());
            System.out.println(reply.body());
        }

        client.close();
        orders.close();
    }

    private static HttpServer replica(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/items/", exchange -> {
            try (exchange) {
                byte[] body = (exchange.getRequestURI() + " from replica " + name).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
