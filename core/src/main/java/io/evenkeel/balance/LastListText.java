package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * A {@link LastList} as text: a line for each field, the format and its version in the first, a checksum of all bytes before it
 * in the last. What is cut off, changed or not understood is refused as a whole: better no list than half of one.
 */
final class LastListText {

    private static final String FORMAT = "evenkeel-snapshot ";
    private static final String VERSION = "1";
    private static final String CHECKSUM = "checksum ";
    /** One line, with its end. */
    private static final int CHECKSUM_BYTES = CHECKSUM.length() + 8 + 1;

    private static final long SECOND_NANOS = 1_000_000_000;

    private LastListText() {}

    static byte[] of(LastList list) {
        StringBuilder text = new StringBuilder();
        line(text, FORMAT, VERSION);
        line(text, "balancer ", list.balancer());
        line(text, "as-of ", list.asOf().toString());
        for (Endpoint endpoint : list.lineup().endpoints()) {
            add(text, endpoint);
            Absence absence = list.lineup().out().get(endpoint.id());
            if (absence != null) {
                add(text, absence);
            }
        }
        return sealed(text.toString());
    }

    private static void add(StringBuilder text, Endpoint endpoint) {
        line(text, "endpoint ", endpoint.uri().toString());
        line(text, "  id ", endpoint.id());
        line(text, "  weight ", Double.toString(endpoint.weight()));
        endpoint.zone().ifPresent(zone -> line(text, "  zone ", zone));
        line(text, "  priority ", Integer.toString(endpoint.priority()));
        new TreeMap<>(endpoint.tags()).forEach((name, value) -> {
            text.append("  tag ").append(escaped(name).replace(" ", "\\u0020"));
            line(text, " ", value);
        });
    }

    private static void add(StringBuilder text, Absence absence) {
        line(text, "  out ", absence.state().toString());
        line(text, "    reason ", absence.reason());
        line(text, "    unreachable ", Boolean.toString(absence.unreachable()));
        line(text, "    doublings ", Integer.toString(absence.doublings()));
        line(text, "    since ", instant(absence.sinceNanos()).toString());
        line(text, "    until ", instant(absence.untilNanos()).toString());
    }

    private static void line(StringBuilder text, String field, String value) {
        text.append(field).append(escaped(value)).append('\n');
    }

    /** With its checksum. */
    static byte[] sealed(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        byte[] seal = seal(body, body.length);
        byte[] whole = new byte[body.length + seal.length];
        System.arraycopy(body, 0, whole, 0, body.length);
        System.arraycopy(seal, 0, whole, body.length, seal.length);
        return whole;
    }

    private static byte[] seal(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (CHECKSUM + "%08x\n".formatted(sum.getValue())).getBytes(StandardCharsets.US_ASCII);
    }

    // Values.

    /** Everything that would not be seen, or would end the line; and half a character, which is none in UTF-8. */
    private static String escaped(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                text.append(c).append(value.charAt(++i));
            } else if (isUnseen(c) || c == '\\') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static boolean isUnseen(char c) {
        return c < ' '
                || (c >= 0x7F && c <= 0xA0)
                || (c >= 0x2000 && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202F)
                || (c >= 0x205F && c <= 0x206F)
                || Character.isSurrogate(c)
                || c == 0xFEFF
                || c >= 0xFFF0;
    }

    private static String unescaped(String text) {
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                if (!text.startsWith("\\u", i) || i + 6 > text.length()) {
                    throw new IllegalArgumentException("a backslash begins no \\u and four digits");
                }
                value.append((char) Integer.parseUnsignedInt(text, i + 2, i + 6, 16));
                i += 5;
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    /** As far as nanoseconds go: the years 1678 to 2261.
     *
     * @throws ArithmeticException beyond */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND_NANOS), instant.getNano());
    }

    // Reading.

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static LastList read(byte[] bytes) {
        checkVersion(bytes);
        int length = bytes.length - CHECKSUM_BYTES;
        byte[] seal = length < 0 ? bytes : seal(bytes, length);
        if (length < 0 || !ByteBuffer.wrap(seal).equals(ByteBuffer.wrap(bytes, length, CHECKSUM_BYTES))) {
            throw new IllegalArgumentException(
                    "it is cut off, or was changed: its checksum is not that of its content");
        }
        return new Reader(decoded(bytes, length)).list();
    }

    private static void checkVersion(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && end < 64 && bytes[end] != '\n') {
            end++;
        }
        String first = new String(bytes, 0, end, StandardCharsets.US_ASCII);
        if (!first.startsWith(FORMAT)) {
            throw new IllegalArgumentException("it does not begin with \"" + FORMAT + VERSION + "\"");
        }
        if (!first.equals(FORMAT + VERSION)) {
            throw new IllegalArgumentException("it is of version \"" + escaped(first.substring(FORMAT.length()))
                    + "\", and only version " + VERSION + " is known here");
        }
    }

    private static String decoded(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no UTF-8");
        }
    }

    /** Goes through the lines. */
    private static final class Reader {

        private static final int MOST_OF_MESSAGE = 200;

        private final String[] lines;
        private int next;

        Reader(String text) {
            this.lines = text.split("\n", -1);
        }

        LastList list() {
            value(FORMAT, version -> version);
            String balancer = value("balancer ", name -> name);
            Instant asOf = value("as-of ", Reader::time);
            List<Endpoint> endpoints = new ArrayList<>();
            Map<String, Absence> out = new HashMap<>();
            Map<String, Integer> ids = new HashMap<>();
            do {
                int line = next + 1;
                Endpoint endpoint = endpoint();
                if (ids.putIfAbsent(endpoint.id(), line) != null) {
                    throw new IllegalArgumentException(
                            "line " + line + ": its id is that of line " + ids.get(endpoint.id()));
                }
                endpoints.add(endpoint);
                absence().ifPresent(absence -> out.put(endpoint.id(), absence));
            } while (next < lines.length - 1);
            if (next != lines.length - 1 || !lines[next].isEmpty()) {
                throw new IllegalArgumentException("its last line has no end");
            }
            return new LastList(balancer, asOf, new Lineup(endpoints, out));
        }

        private Endpoint endpoint() {
            int line = next;
            URI uri = value("endpoint ", text -> Endpoint.of(text).uri());
            String id = value("  id ", text -> text);
            double weight = value("  weight ", Double::parseDouble);
            Optional<String> zone = is("  zone ") ? Optional.of(value("  zone ", text -> text)) : Optional.empty();
            int priority = value("  priority ", Integer::parseInt);
            Map<String, String> tags = new HashMap<>();
            while (is("  tag ")) {
                tag(tags);
            }
            return at(line, () -> new Endpoint(uri, id, weight, zone, priority, tags));
        }

        private void tag(Map<String, String> tags) {
            int line = next;
            String text = raw("  tag ");
            at(line, () -> {
                int space = text.indexOf(' ');
                if (space < 0) {
                    throw new IllegalArgumentException("a tag has no value");
                }
                return tags.put(unescaped(text.substring(0, space)), unescaped(text.substring(space + 1)));
            });
        }

        private Optional<Absence> absence() {
            if (!is("  out ")) {
                return Optional.empty();
            }
            return Optional.of(new Absence(
                    value("  out ", EndpointState::valueOf),
                    value("    reason ", text -> text),
                    value("    unreachable ", Reader::yesOrNo),
                    value("    doublings ", Integer::parseInt),
                    value("    since ", text -> nanos(time(text))),
                    value("    until ", text -> nanos(time(text)))));
        }

        private static boolean yesOrNo(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }

        private static Instant time(String text) {
            Instant time = Instant.parse(text);
            nanos(time);
            return time;
        }

        private boolean is(String field) {
            return next < lines.length && lines[next].startsWith(field);
        }

        /** What follows the field's name, on the next line. */
        private String raw(String field) {
            if (!is(field)) {
                throw new IllegalArgumentException("line " + (next + 1) + " does not begin with \"" + field + "\"");
            }
            return lines[next++].substring(field.length());
        }

        private static <T> T at(int line, Supplier<T> parse) {
            try {
                return parse.get();
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
                String why = escaped(String.valueOf(e.getMessage()));
                throw new IllegalArgumentException(
                        "line " + (line + 1) + ": " + why.substring(0, Math.min(MOST_OF_MESSAGE, why.length())));
            }
        }

        private <T> T value(String field, Function<String, T> parse) {
            int line = next;
            String text = raw(field);
            return at(line, () -> parse.apply(unescaped(text)));
        }
    }
}
