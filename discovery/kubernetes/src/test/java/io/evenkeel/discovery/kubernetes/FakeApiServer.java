package io.evenkeel.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Waiting;
import io.evenkeel.discovery.contract.WebRegistry;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * An API server of Kubernetes, as far as EndpointSlices go: lists by label, and watches as streams of lines, from a version on, with bookmarks, until they
 * expire. It keeps all changes, unless it is told to forget them; who wants to hear of those is told {@code 410 Gone}, in the stream, as a
 * real one does. WebSockets are not among its arts.
 */
final class FakeApiServer extends WebRegistry {

    static final String TOKEN = "eyJhbGciOiJSUzI1NiIs-very-secret";

    private static final Pattern PATH =
            Pattern.compile("/apis/discovery\\.k8s\\.io/v1/namespaces/([-a-z0-9]+)/endpointslices");
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final Map<String, EndpointSlice> slices = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private long version = 1000;
    private long forgotten;
    private int bookmarks;
    private int ends;
    private final List<String> nonsense = new ArrayList<>();
    private volatile Optional<String> onlyAnswer = Optional.empty();
    private boolean stopsWithin;
    /** Lists as they were sent, by question, until something changes. */
    private final Map<Question, byte[]> lists = new HashMap<>();

    /** What a service account may not do: list, watch. */
    final Set<String> denied = ConcurrentHashMap.newKeySet();
    /** Whether each watch ends as soon as it has begun. */
    volatile boolean endsWatches;
    /** What was asked, such as {@code list shop}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private record Change(long version, EndpointSlice slice, String line) {}

    /** What one request asks for. */
    private record Question(String namespace, String label, boolean watch, long since, boolean bookmarks) {

        static Question of(Matcher path, String query) {
            Map<String, String> parameters = new HashMap<>();
            for (String pair : Objects.requireNonNullElse(query, "").split("&", -1)) {
                String[] sides = pair.split("=", 2);
                if (sides.length == 2) {
                    parameters.put(sides[0], URLDecoder.decode(sides[1], UTF_8));
                }
            }
            return new Question(
                    path.group(1),
                    parameters.getOrDefault("labelSelector", ""),
                    "true".equals(parameters.get("watch")),
                    Long.parseLong(parameters.getOrDefault("resourceVersion", "0")),
                    "true".equals(parameters.get("allowWatchBookmarks")));
        }

        boolean wants(EndpointSlice slice) {
            String[] sides = label.split("=", 2);
            return slice.getMetadata().getNamespace().equals(namespace)
                    && sides.length == 2
                    && sides[1].equals(slice.getMetadata().getLabels().get(sides[0]));
        }
    }

    private FakeApiServer(Optional<SSLContext> tls) {
        super(tls);
    }

    static FakeApiServer started() throws IOException {
        return started(Optional.empty());
    }

    static FakeApiServer started(Optional<SSLContext> tls) throws IOException {
        FakeApiServer server = new FakeApiServer(tls);
        server.start();
        return server;
    }

    @Override
    public KubernetesEndpoints source() {
        return Clients.source(this);
    }

    @Override
    public EndpointSource impatientSource() {
        return Clients.source(this, new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @Override
    public void settle() throws InterruptedException {
        Waiting.until(
                "each list is followed by a watch", Duration.ofSeconds(20), () -> asked("list") == asked("watch"));
    }

    private long asked(String verb) {
        return asked.stream().filter(each -> each.startsWith(verb)).count();
    }

    @Override
    public void publish(List<io.evenkeel.Endpoint> endpoints) {
        setAll(Slices.of(endpoints));
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(TOKEN);
    }

    // What its operator does

    /** Makes these all the slices there are, by as many changes as that takes. */
    void setAll(List<EndpointSlice> all) {
        change(() -> {
            Map<String, EndpointSlice> next = new TreeMap<>();
            all.forEach(slice -> next.put(key(slice), slice));
            List<EndpointSlice> gone = slices.entrySet().stream()
                    .filter(entry -> !next.containsKey(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            next.forEach((key, slice) -> put(slice));
            gone.forEach(this::remove);
            lists.clear();
        });
    }

    private void put(EndpointSlice slice) {
        EndpointSlice before = slices.get(key(slice));
        if (before != null && sameContent(before, slice)) {
            return;
        }
        EndpointSlice now = withVersion(slice, ++version);
        slices.put(key(now), now);
        record(before == null ? "ADDED" : "MODIFIED", now);
    }

    private static boolean sameContent(EndpointSlice one, EndpointSlice other) {
        return one.getEndpoints().equals(other.getEndpoints()) && one.getPorts().equals(other.getPorts());
    }

    private void remove(EndpointSlice slice) {
        slices.remove(key(slice));
        record("DELETED", withVersion(slice, ++version));
    }

    private void record(String type, EndpointSlice slice) {
        history.add(new Change(version, slice, "{\"type\":\"" + type + "\",\"object\":" + JSON.asJson(slice) + "}\n"));
    }

    private static EndpointSlice withVersion(EndpointSlice slice, long version) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withResourceVersion(Long.toString(version))
                .endMetadata()
                .build();
    }

    private static String key(EndpointSlice slice) {
        return slice.getMetadata().getNamespace() + "/" + slice.getMetadata().getName();
    }

    /** Sends one to each watch that asked for it. */
    void bookmark() {
        change(() -> bookmarks++);
    }

    /** Sends a line to each watch. */
    void say(String line) {
        change(() -> nonsense.add(line + "\n"));
    }

    /** Gives this to each question, until it is mended. */
    void answerOnly(String body) {
        change(() -> onlyAnswer = Optional.of(body));
    }

    /** Stops in the middle of each list, until it is mended, and keeps the connection. */
    void stopWithinLists() {
        change(() -> stopsWithin = true);
    }

    /** Ends all watches, as happens after some minutes. */
    void expire() {
        change(() -> ends++);
    }

    /** Forgets how it came to the slices of now: watches that are behind are told that their version is gone, and those that are not, too. */
    void forget() {
        change(() -> {
            version++;
            forgotten = version;
            history.clear();
            lists.clear();
        });
    }

    /** Also ends the watches, so that whoever has one meets it; but one that is stopped only falls silent. */
    @Override
    public void harm(Fault harm) {
        super.harm(harm);
        change(() -> ends += harm == Fault.STOPPED ? 0 : 1);
    }

    @Override
    public void mend() {
        super.mend();
        change(() -> {
            onlyAnswer = Optional.empty();
            stopsWithin = false;
        });
    }

    // What it answers

    @Override
    protected void answer(HttpExchange exchange) throws IOException, InterruptedException {
        Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
        Optional<String> only = onlyAnswer;
        if (only.isPresent()) {
            reply(exchange, 200, only.get().getBytes(UTF_8));
        } else if (path.matches()) {
            answer(exchange, Question.of(path, exchange.getRequestURI().getRawQuery()));
        } else {
            refuse(exchange, 404, "NotFound", "the server could not find the requested resource");
        }
    }

    private void answer(HttpExchange exchange, Question question) throws IOException, InterruptedException {
        String verb = question.watch() ? "watch" : "list";
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, 401, "Unauthorized", "Unauthorized");
        } else if (denied.contains(verb)) {
            refuse(
                    exchange,
                    403,
                    "Forbidden",
                    "endpointslices.discovery.k8s.io is forbidden: User \\\"system:serviceaccount:shop:web\\\" cannot "
                            + verb
                            + " resource \\\"endpointslices\\\" in API group \\\"discovery.k8s.io\\\" in the namespace \\\""
                            + question.namespace() + "\\\"");
        } else if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            asked.add("websocket " + question.namespace());
            exchange.sendResponseHeaders(503, -1);
        } else if (question.watch()) {
            stream(exchange, question);
        } else {
            asked.add("list " + question.namespace());
            reply(exchange, question);
        }
    }

    @Override
    protected void deny(HttpExchange exchange) throws IOException {
        refuse(exchange, 403, "Forbidden", "no: Bearer " + TOKEN);
    }

    @Override
    protected void head(HttpExchange exchange) {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
    }

    @Override
    protected byte[] garbage() {
        return ("<html>\u0000 it works, Bearer " + TOKEN + "\n").getBytes(UTF_8);
    }

    private void refuse(HttpExchange exchange, int status, String reason, String message) throws IOException {
        reply(exchange, status, status(status, reason, message).getBytes(UTF_8));
    }

    private void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        head(exchange);
        send(exchange, status, body);
    }

    private void reply(HttpExchange exchange, Question question) throws IOException, InterruptedException {
        byte[] list = list(question);
        if (!stopsWithin()) {
            reply(exchange, 200, list);
            return;
        }
        head(exchange);
        exchange.sendResponseHeaders(200, list.length);
        exchange.getResponseBody().write(list, 0, list.length / 2);
        exchange.getResponseBody().flush();
        await(() -> !stopsWithin, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    private boolean stopsWithin() {
        lock.lock();
        try {
            return stopsWithin;
        } finally {
            lock.unlock();
        }
    }

    private static String status(int code, String reason, String message) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\""
                + message + "\",\"reason\":\"" + reason + "\",\"code\":" + code + "}";
    }

    private byte[] list(Question question) {
        lock.lock();
        try {
            return lists.computeIfAbsent(question, this::made);
        } finally {
            lock.unlock();
        }
    }

    private byte[] made(Question question) {
        String items = slices.values().stream()
                .filter(question::wants)
                .map(JSON::asJson)
                .collect(Collectors.joining(","));
        return ("{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\""
                        + version + "\"},\"items\":[" + items + "]}")
                .getBytes(UTF_8);
    }

    private void stream(HttpExchange exchange, Question question) throws IOException, InterruptedException {
        head(exchange);
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        Stream stream = new Stream(question);
        asked.add("watch " + question.namespace());
        for (String lines = stream.next(); !lines.isEmpty(); lines = stream.next()) {
            out.write(lines.getBytes(UTF_8));
            out.flush();
        }
    }

    /** One watch: what it has been told. */
    private final class Stream {

        private final Question question;
        private final int endsBefore;
        private int bookmarksBefore;
        private int nonsenseBefore;
        private long told;
        private boolean over;

        Stream(Question question) {
            this.question = question;
            lock.lock();
            try {
                this.told = question.since();
                this.endsBefore = ends;
                this.bookmarksBefore = bookmarks;
                this.nonsenseBefore = nonsense.size();
            } finally {
                lock.unlock();
            }
        }

        /** The lines that come next; none at the end. */
        String next() throws InterruptedException {
            while (true) {
                await(() -> isOver() || (fault().isEmpty() && isBehind()), Long.MAX_VALUE, TimeUnit.NANOSECONDS);
                lock.lock();
                try {
                    String lines = isOver() ? "" : lines();
                    if (isOver() || !lines.isEmpty()) {
                        return lines;
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        private boolean isOver() {
            return over || endsWatches || !isRunning() || ends != endsBefore;
        }

        private boolean isBehind() {
            return told != version || bookmarksBefore != bookmarks || nonsenseBefore != nonsense.size();
        }

        private String lines() {
            StringBuilder lines = new StringBuilder();
            if (told < forgotten) {
                over = true;
                return "{\"type\":\"ERROR\",\"object\":" + status(410, "Expired", "too old resource version: " + told)
                        + "}\n";
            }
            for (Change change : history) {
                if (change.version() > told && question.wants(change.slice())) {
                    lines.append(change.line());
                }
            }
            told = version;
            nonsense.subList(nonsenseBefore, nonsense.size()).forEach(lines::append);
            nonsenseBefore = nonsense.size();
            if (bookmarksBefore != bookmarks && question.bookmarks()) {
                lines.append(
                        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\","
                                + "\"metadata\":{\"resourceVersion\":\"" + version
                                + "\",\"creationTimestamp\":null},\"addressType\":\"\",\"endpoints\":null,\"ports\":null}}\n");
            }
            bookmarksBefore = bookmarks;
            return lines.toString();
        }
    }
}
