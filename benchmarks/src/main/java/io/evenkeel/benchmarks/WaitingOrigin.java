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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Replicas that can do so much and no more, without using the processor: each has a few slots, in which a request stays for
 * a while. A program of its own, which ends when its input does, and so with whoever started it. Each answers with its own
 * port; {@code GET /become/STATUS/SLOTS/MICROS/SPREAD} makes one behave otherwise from this moment on.
 */
final class WaitingOrigin {

    private final String port;
    private volatile Slots slots;

    private WaitingOrigin(ServerSocket server, Behaviour behaviour) {
        this.port = String.valueOf(server.getLocalPort());
        this.slots = new Slots(behaviour);
    }

    /**
     * What becomes of a request.
     *
     * @param status of the answers
     * @param slots how many requests are served at once; the others queue
     * @param micros how long a request stays in its slot, on average
     * @param spread the time is uniform between {@code micros} less and more so many percent
     */
    record Behaviour(int status, int slots, int micros, int spread) {

        /** As what a {@code GET} asks for. */
        String path() {
            return "/become/" + status + "/" + slots + "/" + micros + "/" + spread;
        }

        static Behaviour of(List<String> words) {
            int[] numbers = words.stream().mapToInt(Integer::parseInt).toArray();
            return new Behaviour(numbers[0], numbers[1], numbers[2], numbers[3]);
        }

        List<String> words() {
            return List.of(path().substring("/become/".length()).split("/"));
        }

        private long stayNanos() {
            double part = spread == 0 ? 0 : ThreadLocalRandom.current().nextDouble(-spread, spread) / 100;
            return (long) (TimeUnit.MICROSECONDS.toNanos(micros) * (1 + part));
        }
    }

    /** How many replicas, and how they behave; prints their ports. */
    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        List<String> ports = new ArrayList<>();
        for (int replica = 0; replica < Integer.parseInt(args[0]); replica++) {
            ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
            WaitingOrigin origin = new WaitingOrigin(server, Behaviour.of(words.subList(1, words.size())));
            Thread.ofVirtual().start(() -> origin.accept(server));
            ports.add(origin.port);
        }
        System.out.println(String.join(" ", ports));
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    /** Starts that many in a process, and gives their addresses. */
    static String[] start(Processes processes, int replicas, String heap, Behaviour behaviour) throws IOException {
        List<String> args = new ArrayList<>(List.of(String.valueOf(replicas)));
        args.addAll(behaviour.words());
        Process process = processes.start(Forks.command(WaitingOrigin.class, heap, args));
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
            String first = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    socket.getOutputStream().write(answer(first));
                    first = "";
                } else if (first.isEmpty()) {
                    first = line;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client went
        }
    }

    private byte[] answer(String request) throws InterruptedException {
        String[] path = request.split(" ", -1)[1].split("/", -1);
        if (path.length > 1 && path[1].equals("become")) {
            slots = new Slots(Behaviour.of(Arrays.asList(path).subList(2, path.length)));
            return answer(200);
        }
        Slots now = slots;
        now.stay();
        return answer(now.behaviour.status);
    }

    private byte[] answer(int status) {
        return ("HTTP/1.1 " + status + " -\r\nContent-Length: " + port.length() + "\r\n\r\n" + port)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** When each slot is free again: a schedule, so that a late wake-up takes nothing from what the replica can do. */
    private static final class Slots {

        private final Behaviour behaviour;
        private final PriorityBlockingQueue<Long> free = new PriorityBlockingQueue<>();

        Slots(Behaviour behaviour) {
            this.behaviour = behaviour;
            for (int slot = 0; slot < behaviour.slots; slot++) {
                free.add(System.nanoTime());
            }
        }

        void stay() throws InterruptedException {
            long end = Math.max(free.take(), System.nanoTime()) + behaviour.stayNanos();
            free.add(end);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
