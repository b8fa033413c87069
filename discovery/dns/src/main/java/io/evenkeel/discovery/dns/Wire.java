package io.evenkeel.discovery.dns;

import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * One name server, asked by UDP, and by TCP if the answer is too long for that. Each question has a socket of its own, closed with the answer.
 *
 * @param timeout for an answer by UDP, and once more for one by TCP
 */
record Wire(InetSocketAddress address, Duration timeout, LongSupplier clock) implements NameServer {

    /** More than a query allows, for servers that do not care. */
    private static final int LARGEST_DATAGRAM = 4096;

    @Override
    public Message ask(Question question) throws IOException {
        Message answer = answer(question.query());
        return knowsNoExtensions(answer) ? answer(question.plainQuery()) : answer;
    }

    /** So answers who is older than RFC 6891. */
    private static boolean knowsNoExtensions(Message answer) {
        int code = answer.getRcode();
        return (code == Rcode.FORMERR || code == Rcode.NOTIMP) && answer.getOPT() == null;
    }

    private Message answer(Message query) throws IOException {
        try {
            Message answer = byUdp(query);
            return isCut(answer) ? whole(byTcp(query)) : answer;
        } catch (SocketTimeoutException e) {
            throw new IOException("does not answer within " + timeout, e);
        }
    }

    private static boolean isCut(Message answer) {
        return answer.getHeader().getFlag(Flags.TC);
    }

    /** A part of a list is no list. */
    private static Message whole(Message answer) throws IOException {
        if (isCut(answer)) {
            throw new IOException("has an answer too long for DNS");
        }
        return answer;
    }

    /** Asks twice, for either may be lost; the second time soon, for others may wait. */
    private Message byUdp(Message query) throws IOException {
        byte[] bytes = query.toWire();
        Duration first = timeout.dividedBy(4);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            socket.send(new DatagramPacket(bytes, bytes.length));
            try {
                return receive(socket, query, new Deadline(first));
            } catch (SocketTimeoutException e) {
                socket.send(new DatagramPacket(bytes, bytes.length));
                return receive(socket, query, new Deadline(timeout.minus(first)));
            }
        }
    }

    /** Passes over what is no answer to this query: anybody can send such. */
    private static Message receive(DatagramSocket socket, Message query, Deadline deadline) throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
            socket.setSoTimeout(deadline.leftMillis());
            socket.receive(packet);
            byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
            if (answers(query, bytes)) {
                return read(query, bytes);
            }
        }
    }

    private Message byTcp(Message query) throws IOException {
        Deadline deadline = new Deadline(timeout);
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(address, deadline.leftMillis());
            byte[] bytes = query.toWire();
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(Short.BYTES + bytes.length)
                            .putShort((short) bytes.length)
                            .put(bytes)
                            .array());
            int length = ByteBuffer.wrap(receive(socket, Short.BYTES, deadline)).getShort() & 0xFFFF;
            byte[] answer = receive(socket, length, deadline);
            if (!answers(query, answer)) {
                throw new IOException("answers another question");
            }
            return read(query, answer);
        }
    }

    private static byte[] receive(Socket socket, int length, Deadline deadline) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            socket.setSoTimeout(deadline.leftMillis());
            int read = socket.getInputStream().read(bytes, at, length - at);
            if (read < 0) {
                throw new EOFException("breaks off within an answer");
            }
            at += read;
        }
        return bytes;
    }

    private static boolean answers(Message query, byte[] bytes) {
        return bytes.length >= Header.LENGTH
                && (ByteBuffer.wrap(bytes).getShort() & 0xFFFF)
                        == query.getHeader().getID();
    }

    /** What {@code bytes}, from anybody, say to {@code query}. */
    static Message read(Message query, byte[] bytes) throws IOException {
        Message answer;
        try {
            answer = new Message(bytes);
        } catch (IOException | RuntimeException e) {
            throw new IOException("answers what is no DNS message", e);
        }
        if (!answer.getHeader().getFlag(Flags.QR) || !repeats(answer, query)) {
            throw new IOException("answers another question");
        }
        return answer;
    }

    /** An error may come without the question. */
    private static boolean repeats(Message answer, Message query) {
        Record question = answer.getQuestion();
        return question == null
                ? answer.getHeader().getRcode() != Rcode.NOERROR
                        && answer.getHeader().getRcode() != Rcode.NXDOMAIN
                : question.equals(query.getQuestion());
    }

    /** Until when to wait. */
    private final class Deadline {

        private final long end;

        Deadline(Duration time) {
            end = clock.getAsLong() + time.toNanos();
        }

        int leftMillis() throws SocketTimeoutException {
            long left = end - clock.getAsLong();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            return Math.toIntExact(Duration.ofNanos(left).toMillis()) + 1; // zero would be for ever
        }
    }

    @Override
    public String toString() {
        InetAddress host = address.getAddress();
        return (host.getAddress().length > 4 ? "[" + host.getHostAddress() + "]" : host.getHostAddress()) + ":"
                + address.getPort();
    }
}
