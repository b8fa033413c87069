package io.evenkeel.examples;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Retry;
import io.evenkeel.balance.Attempt;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Questions and answers by UDP, where nothing tells that a question or its answer was lost: each attempt waits for so long, and the
 * next one asks another replica. One of three falls silent, which no caller notices but by the time that it takes.
 */
public final class Datagrams {

    /** Of a datagram, in bytes. */
    static final int LONGEST = 512;

    private Datagrams() {}

    public static void main(String[] args) throws Exception {
        try (DatagramServer one = new DatagramServer("one").start();
                DatagramServer two = new DatagramServer("two").start();
                DatagramServer three = new DatagramServer("three").start();
                LoadBalancer time = balancer(one.address(), two.address(), three.address())) {
            Map<String, Integer> meanwhile = Callers.call(150, () -> ask(time, "what time is it?"), two::fallSilent);
            System.out.println("Calls while two fell silent, all answered: " + meanwhile);
            Map<String, Integer> since = Callers.call(20, () -> ask(time, "and now?"), () -> {});
            System.out.println("Calls since: " + since);
        }
    }

    private static LoadBalancer balancer(String... replicas) {
        return LoadBalancer.builder("time")
                .endpoints(replicas)
                .deadline(Duration.ofSeconds(10))
                .retry(Retry.upTo(5).withAttemptTimeout(Duration.ofMillis(300)))
                .build();
    }

    /** May be asked twice: whether the first question was heard is never known. */
    private static String ask(LoadBalancer balancer, String question) throws IOException, InterruptedException {
        return balancer.execute(Call.any().idempotent(), attempt -> {
            String answer = ask(attempt, question);
            attempt.complete(Outcome.SUCCESS);
            return answer;
        });
    }

    /** By a socket of its own: a late answer to an earlier question cannot be taken for this one's. */
    private static String ask(Attempt attempt, String question) throws IOException {
        URI uri = attempt.endpoint().uri();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort())); // hears nobody else
            limit(socket, attempt.timeoutNanos());
            byte[] sent = question.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(sent, sent.length));
            DatagramPacket answer = new DatagramPacket(new byte[LONGEST], LONGEST);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    /** Zero milliseconds would mean for ever. */
    private static void limit(DatagramSocket socket, long timeoutNanos) throws SocketException {
        long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1, Integer.MAX_VALUE);
        socket.setSoTimeout((int) millis);
    }
}
