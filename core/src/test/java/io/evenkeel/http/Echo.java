package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a server answers that says what it was asked, whatever it is made of. */
record Echo(int status, String text) {

    private static final int LARGE = 1_000_000;

    /** {@code /status/404} has that status, {@code /large} is so, {@code /port} tells the client's port, and any other target is told
     * with all but the host. */
    static Echo of(String method, String target, Map<String, List<String>> headers, byte[] body, int port)
            throws IOException {
        if (target.equals("/port")) {
            return new Echo(200, String.valueOf(port));
        }
        if (target.startsWith("/status/")) {
            int status = Integer.parseInt(target.substring("/status/".length()));
            return new Echo(status, mayHaveBody(status) ? target : "");
        }
        if (target.equals("/large")) {
            return new Echo(200, "0123456789".repeat(LARGE / 10));
        }
        return new Echo(200, method + " " + target + "\n" + withoutHost(headers) + "\n" + read(body));
    }

    byte[] body() {
        return text.getBytes(UTF_8);
    }

    private static String read(byte[] body) throws IOException {
        try {
            return Caller.read(body);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Answers a visit to a scripted server. */
    static void serve(ScriptedServer.Visit visit) throws IOException {
        ScriptedServer.Received request = visit.request();
        if (request.header("expect").equalsIgnoreCase("100-continue")) {
            visit.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        Echo echo = of(request.method(), request.target(), request.headers(), visit.bytes(), visit.port());
        byte[] body = echo.body();
        visit.begin(echo.status, body.length, "Content-Type: text/plain");
        if (!request.method().equals("HEAD")) {
            visit.write(body);
        }
    }

    static Map<String, List<String>> withoutHost(Map<String, List<String>> headers) {
        Map<String, List<String>> others = new TreeMap<>();
        headers.forEach((name, values) -> others.put(name.toLowerCase(Locale.ROOT), values));
        others.remove("host");
        return others;
    }

    private static boolean mayHaveBody(int status) {
        return status != 204 && status != 205 && status != 304;
    }
}
