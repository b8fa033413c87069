package io.evenkeel.examples;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A protocol that is not HTTP, balanced in three ways: blocking, asynchronous, and by hand. Then one of its replicas is killed,
 * which no caller notices.
 */
public final class AnyProtocol {

    private static final int TIMEOUT_MILLIS = 5_000;

    private AnyProtocol() {}

    public static void main(String[] args) throws Exception {
        try (EchoServer one = new EchoServer("one").start();
                EchoServer two = new EchoServer("two").start();
                EchoServer three = new EchoServer("three").start();
                LoadBalancer echo = LoadBalancer.builder("echo")
                        .endpoints(one.address(), two.address(), three.address())
                        .build()) {
            blocking(echo);
            asynchronous(echo);
            byHand(echo);
            throughAKill(echo, two);
        }
    }

    /** On this thread. Called again with another endpoint if the first cannot be connected to. */
    private static void blocking(LoadBalancer echo) throws IOException, InterruptedException {
        String answer = echo.call(endpoint -> say("hello", endpoint));
        System.out.println(answer);

        // Equal keys go to the same replica; what is idempotent is repeated after other failures, too
        Call call = Call.any()
                .withKey("user-42")
                .withDeadline(Duration.ofSeconds(2))
                .idempotent();
        for (int i = 0; i < 3; i++) {
            String again = echo.call(call, endpoint -> say("hello user 42", endpoint));
            System.out.println(again);
        }
    }

    /** With whatever thread the future is completed by. */
    private static void asynchronous(LoadBalancer echo) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> answer =
                    echo.callAsync(endpoint -> CompletableFuture.supplyAsync(() -> sayLater(endpoint), threads));
            System.out.println(answer.join());
        }
    }

    /** Where a function does not fit: take a lease, use its endpoint, and say how it went. */
    private static void byHand(LoadBalancer echo) throws IOException, InterruptedException {
        try (Lease lease = echo.acquire()) {
            try {
                System.out.println(say("hello by hand", lease.endpoint()));
                lease.complete(Outcome.SUCCESS);
            } catch (IOException e) {
                lease.fail(e);
                throw e;
            }
        }
    }

    /** Those who were talking to it, and those who would have next, are answered by another. */
    private static void throughAKill(LoadBalancer echo, EchoServer victim) throws Exception {
        Call call = Call.any().idempotent();
        Map<String, Integer> meanwhile =
                Callers.call(150, () -> echo.call(call, endpoint -> say("hello", endpoint)), victim::kill);
        Map<String, Integer> since =
                Callers.call(20, () -> echo.call(call, endpoint -> say("hello", endpoint)), () -> {});
        System.out.println("Calls while two was killed, all answered: " + meanwhile);
        System.out.println("Calls since: " + since);
    }

    private static String sayLater(Endpoint endpoint) {
        try {
            return say("hello later", endpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String say(String line, Endpoint endpoint) throws IOException {
        URI uri = endpoint.uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String answer = in.readLine();
            if (answer == null) {
                throw new EOFException(endpoint.id() + " hung up");
            }
            return answer;
        }
    }
}
