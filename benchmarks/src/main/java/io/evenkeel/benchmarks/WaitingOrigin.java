package io.evenkeel.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Replicas that can do so much and no more, without using the processor: each has a few slots, in which a request stays for
 * 20 ms. A program of its own, which ends when its input does, and so with whoever started it.
 */
final class WaitingOrigin {

    /** How long a request stays in its slot. */
    static final long STAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    /** When each slot is free again: a schedule, so that a late wake-up takes nothing from what the replica can do. */
    private final PriorityBlockingQueue<Long> slots;

    private WaitingOrigin(int slots) {
        this.slots = new PriorityBlockingQueue<>();
        for (int slot = 0; slot < slots; slot++) {
            this.slots.add(System.nanoTime());
        }
    }

    /** How many replicas, slots of each; prints their ports. */
    public static void main(String[] args) throws IOException {
        List<String> ports = new ArrayList<>();
        for (int replica = 0; replica < Integer.parseInt(args[0]); replica++) {
            ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
            WaitingOrigin origin = new WaitingOrigin(Integer.parseInt(args[1]));
            Thread.ofVirtual().start(() -> origin.accept(server));
            ports.add(String.valueOf(server.getLocalPort()));
        }
        System.out.println(String.join(" ", ports));
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    /** Starts that many in a process, and gives their addresses. */
    static String[] start(Processes processes, int replicas, int slots) throws IOException {
        Process process = processes.start(
                Forks.command(WaitingOrigin.class, "256m", List.of(String.valueOf(replicas), String.valueOf(slots))));
        return Arrays.stream(process.inputReader().readLine().split(" "))
                .map(port -> "http://127.0.0.1:" + port)
                .toArray(String[]::new);
    }

    private void accept(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    stay();
                    socket.getOutputStream().write(ANSWER);
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client went
        }
    }

    private void stay() throws InterruptedException {
        long end = Math.max(slots.take(), System.nanoTime()) + STAY_NANOS;
        slots.add(end);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
