package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** As much HTTP/2 (RFC 9113) as a script needs, on a connection whose first request, of stream 1, asked to upgrade. */
final class Http2Visit {

    /** Errors. */
    static final int INTERNAL_ERROR = 2;

    static final int REFUSED_STREAM = 7;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    // Types of frames
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;

    // Flags
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static final byte STATUS_200 = (byte) 0x88;

    private final ScriptedServer.Visit visit;
    private final InputStream in;
    private final Lock writing = new ReentrantLock();

    private Http2Visit(ScriptedServer.Visit visit) {
        this.visit = visit;
        this.in = visit.in();
    }

    /** Agrees to the upgrade, and to so many streams at a time. */
    static Http2Visit upgrade(ScriptedServer.Visit visit, int mostStreams) throws IOException {
        visit.body();
        visit.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        Http2Visit upgraded = new Http2Visit(visit);
        upgraded.write(SETTINGS, 0, 0, new byte[] {0, 3, 0, 0, 0, (byte) mostStreams});
        upgraded.in.readNBytes(PREFACE.length());
        return upgraded;
    }

    /** The stream of the next request; 0 when the client is gone. */
    int next() throws IOException {
        for (byte[] head = in.readNBytes(9); head.length == 9; head = in.readNBytes(9)) {
            in.readNBytes((head[0] & 255) << 16 | (head[1] & 255) << 8 | (head[2] & 255));
            if (head[3] == HEADERS) {
                return (head[7] & 255) << 8 | (head[8] & 255);
            }
            if (head[3] == SETTINGS && head[4] != ACK) {
                write(SETTINGS, ACK, 0, new byte[0]);
            }
        }
        return 0;
    }

    /** A whole answer of status 200. */
    void answer(int stream, String text) throws IOException {
        begin(stream);
        write(DATA, END_STREAM, stream, text.getBytes(UTF_8));
    }

    /** The head of an answer of status 200. */
    void begin(int stream) throws IOException {
        write(HEADERS, END_HEADERS, stream, new byte[] {STATUS_200});
    }

    void reset(int stream, int error) throws IOException {
        write(RST_STREAM, 0, stream, number(error));
    }

    /** No stream after {@code last} was or will be looked at. */
    void goAway(int last) throws IOException {
        byte[] payload = new byte[8];
        System.arraycopy(number(last), 0, payload, 0, 4);
        write(GOAWAY, 0, 0, payload);
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        System.arraycopy(number(payload.length << 8 | type), 0, frame, 0, 4);
        frame[4] = (byte) flags;
        System.arraycopy(number(stream), 0, frame, 5, 4);
        System.arraycopy(payload, 0, frame, 9, payload.length);
        writing.lock();
        try {
            visit.write(frame);
        } finally {
            writing.unlock();
        }
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }
}
