package io.evenkeel.http;

import io.evenkeel.balance.Attempt;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * What a replica says, with an answer, of the calls to come: {@code Retry-After} with 429 and 503 (RFC 9110, section 10.2.3),
 * {@code x-evenkeel-drain} before it goes away, and {@code Connection: close}. Or in its place: GOAWAY.
 */
final class Hints {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final String DRAIN = "x-evenkeel-drain";
    private static final int MOST_DIGITS = 9;
    /** More than anybody waits. */
    private static final int FOR_EVER = 999_999_999;

    private Hints() {}

    static void heed(ResponseInfo answer, Attempt attempt) {
        HttpHeaders headers = answer.headers();
        if (answer.statusCode() == TOO_MANY_REQUESTS || answer.statusCode() == UNAVAILABLE) {
            retryAfter(headers).ifPresent(attempt::pause);
        }
        if (!headers.allValues(DRAIN).isEmpty()) {
            attempt.leaving();
        }
        List<String> connection = headers.allValues("connection");
        attempt.closing(!connection.isEmpty() && connection.get(0).equalsIgnoreCase("close"));
    }

    static void heed(Throwable error, Attempt attempt) {
        if (Failures.goesAway(error)) {
            attempt.leaving();
        }
    }

    /** Seconds; or a date, which is seen from that of the answer, since clocks may differ. Nothing if it cannot be read. */
    static Optional<Duration> retryAfter(HttpHeaders headers) {
        Optional<String> value = headers.firstValue("retry-after").map(String::strip);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(Duration.ofSeconds(text.length() <= MOST_DIGITS ? Integer.parseInt(text) : FOR_EVER));
        }
        return date(text)
                .flatMap(
                        then -> headers.firstValue("date").flatMap(Hints::date).map(now -> Duration.between(now, then)))
                .filter(wait -> !wait.isNegative());
    }

    private static Optional<ZonedDateTime> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
