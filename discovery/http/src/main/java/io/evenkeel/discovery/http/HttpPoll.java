package io.evenkeel.discovery.http;

import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Told;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks a web server for its list, and remembers how to ask only for another. */
final class HttpPoll implements Poll {

    private final Web web;
    private final URI uri;
    private final Map<String, Supplier<String>> headers;
    private final Duration interval;
    private final Duration timeout;

    private final Told told;
    private Optional<String> tag = Optional.empty();
    private Optional<String> modified = Optional.empty();

    HttpPoll(Web web, URI uri, Map<String, Supplier<String>> headers, Duration interval, Duration timeout) {
        this.web = web;
        this.uri = uri;
        this.headers = headers;
        this.interval = interval;
        this.timeout = timeout;
        this.told = new Told("the list at " + Web.server(uri));
    }

    @Override
    public Duration ask(Listener listener) throws Exception {
        try {
            tell(listener, web.get(uri, headers(), timeout));
            return interval;
        } catch (Throwable e) {
            told.troubled();
            throw e;
        }
    }

    private void tell(Listener listener, Web.Answer answer) throws IOException {
        if (answer.status() == 304 && (tag.isPresent() || modified.isPresent())) {
            told.unchanged(listener);
        } else if (answer.status() == 200) {
            told.list(listener, list(answer.body()));
            remember(answer.headers());
        } else {
            throw new IOException(Web.server(uri) + " answered " + answer.status());
        }
    }

    private Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Accept", "application/json");
        tag.ifPresent(value -> all.put("If-None-Match", value));
        modified.ifPresent(value -> all.put("If-Modified-Since", value));
        headers.forEach((name, value) -> all.put(name, value.get()));
        return all;
    }

    private EndpointList list(byte[] body) throws IOException {
        try {
            return EndpointList.ofJson(body);
        } catch (UnusableException e) {
            throw new IOException(told + " " + e.reason(), e);
        }
    }

    private void remember(HttpHeaders headers) {
        tag = headers.firstValue("ETag");
        modified = headers.firstValue("Last-Modified").filter(time -> isPast(time, headers));
    }

    /** By the server's clock. A list of this very second may be another at the end of it, of which the header would know nothing. */
    private static boolean isPast(String time, HttpHeaders headers) {
        try {
            return headers.firstValue("Date")
                    .filter(now -> instant(time).isBefore(instant(now)))
                    .isPresent();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Instant instant(String header) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
    }

    @Override
    public void close() {
        web.close();
    }
}
