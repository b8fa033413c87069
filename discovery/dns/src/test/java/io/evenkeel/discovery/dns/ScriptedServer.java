package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.contract.ServerProcess;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server, by UDP and TCP on one port of 127.0.0.1, that answers as a test wants. What has no line in the script has no records. */
final class ScriptedServer implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Act> script = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** What it does with one query. */
    @FunctionalInterface
    interface Act {

        /** The bytes of the answer; none for silence. */
        byte[] answer(Message query, boolean tcp) throws Exception;
    }

    /** One query that came. */
    record Asked(String question, boolean tcp, long nanos) {}

    private ScriptedServer(DatagramSocket datagrams, ServerSocket connections) {
        this.datagrams = datagrams;
        this.connections = connections;
    }

    static ScriptedServer start() throws IOException {
        return start(ServerProcess.freePort());
    }

    static ScriptedServer start(int port) throws IOException {
        ServerSocket connections = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        DatagramSocket datagrams = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        ScriptedServer server = new ScriptedServer(datagrams, connections);
        server.threads.execute(server::receive);
        server.threads.execute(server::accept);
        return server;
    }

    /** Host and port. */
    String address() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    /** From now on, questions such as {@code "A orders.example."} are answered so. */
    void on(String question, Act act) {
        script.put(question, act);
    }

    /** With these records. */
    void on(String question, String... lines) {
        on(question, records(lines));
    }

    List<Asked> asked() {
        return asked;
    }

    long count(String question, boolean tcp) {
        return asked.stream()
                .filter(one -> one.question().equals(question) && one.tcp() == tcp)
                .count();
    }

    // Acts

    static Act records(String... lines) {
        List<Record> records = Records.records(lines);
        return (query, tcp) -> {
            Message answer = answer(query, Rcode.NOERROR);
            records.forEach(record -> answer.addRecord(record, Section.ANSWER));
            int most = query.getOPT() == null ? 512 : query.getOPT().getPayloadSize();
            return answer.toWire(tcp ? Message.MAXLENGTH : most);
        };
    }

    static Act code(int code) {
        return (query, tcp) -> answer(query, code).toWire();
    }

    /** To a query with extensions (EDNS), that it cannot be read. */
    static Act withoutExtensions(Act act) {
        Act error = code(Rcode.FORMERR);
        return (query, tcp) -> (query.getOPT() == null ? act : error).answer(query, tcp);
    }

    static Act silence() {
        return (query, tcp) -> NOTHING;
    }

    static Act garbage() {
        return (query, tcp) -> {
            byte[] bytes = "neither a message of DNS nor anything else".getBytes(StandardCharsets.US_ASCII);
            bytes[0] = (byte) (query.getHeader().getID() >> 8);
            bytes[1] = (byte) query.getHeader().getID();
            return bytes;
        };
    }

    /** An answer whose end is missing, and which does not say so. */
    static Act half(Act whole) {
        return (query, tcp) -> {
            byte[] bytes = whole.answer(query, tcp);
            return Arrays.copyOf(bytes, bytes.length - 7);
        };
    }

    static Act slow(Duration time, Act act) {
        return (query, tcp) -> {
            Thread.sleep(time.toMillis());
            return act.answer(query, tcp);
        };
    }

    /** The first so many times one, then the other. */
    static Act first(int times, Act one, Act other) {
        AtomicInteger count = new AtomicInteger();
        return (query, tcp) -> (count.getAndIncrement() < times ? one : other).answer(query, tcp);
    }

    private static Message answer(Message query, int code) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(code);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        return answer;
    }

    // The network

    private byte[] answer(byte[] bytes, boolean tcp) throws Exception {
        Message query = new Message(bytes);
        Record question = query.getQuestion();
        String text = Type.string(question.getType()) + " " + question.getName();
        asked.add(new Asked(text, tcp, System.nanoTime()));
        return script.getOrDefault(text, code(Rcode.NOERROR)).answer(query, tcp);
    }

    private void receive() {
        while (!datagrams.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            try {
                datagrams.receive(packet);
            } catch (IOException e) {
                continue; // closed, or the last one who asked has gone
            }
            byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
            threads.execute(() -> reply(bytes, (InetSocketAddress) packet.getSocketAddress()));
        }
    }

    private void reply(byte[] bytes, InetSocketAddress to) {
        try {
            byte[] answer = answer(bytes, false);
            if (answer.length > 0) {
                datagrams.send(new DatagramPacket(answer, answer.length, to));
            }
        } catch (Exception e) {
            // closed meanwhile
        }
    }

    private void accept() {
        while (!connections.isClosed()) {
            try {
                Socket socket = connections.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (Socket socket = connection) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), true);
                if (answer.length > 0) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (Exception e) {
            // the client has gone, or this server is closed
        }
    }

    /** Nobody answers at this address any more, and who asks is told so. */
    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
        threads.shutdownNow();
    }
}
