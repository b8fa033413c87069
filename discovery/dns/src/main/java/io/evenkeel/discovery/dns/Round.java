package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was asked at one time: for how long it may be used, and what was wrong. */
final class Round {

    private static final int MOST_TOLD = 5;

    private final Asking asking;
    /** By their words, of which the order is the same each time: questions may fail for the same reason. */
    private final Map<String, Exception> troubles = new TreeMap<>();

    private long ttl = Long.MAX_VALUE;

    Round(Asking asking) {
        this.asking = asking;
    }

    Map<Question, Reply> ask(Collection<Question> questions) throws InterruptedException {
        Map<Question, Reply> replies = asking.ask(questions);
        replies.values().forEach(this::note);
        return replies;
    }

    private void note(Reply reply) {
        switch (reply) {
            case Reply.Answer answer -> ttl = answer.records().isEmpty() ? ttl : Math.min(ttl, answer.ttl());
            case Reply.Failure failure -> note(failure.cause());
        }
    }

    /** Something is wrong, and the words of {@code cause} say what. */
    void note(Exception cause) {
        troubles.putIfAbsent(String.valueOf(cause.getMessage()), cause);
    }

    boolean isTroubled() {
        return !troubles.isEmpty();
    }

    /** Whether any record came. */
    boolean hasBroughtRecords() {
        return ttl < Long.MAX_VALUE;
    }

    /** Seconds, the least of all records that came. */
    long ttl() {
        return ttl;
    }

    /** All that was wrong, in words; empty if nothing was. */
    String words() {
        String first = troubles.keySet().stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
        String more = troubles.size() > MOST_TOLD ? "; and " + (troubles.size() - MOST_TOLD) + " more" : "";
        return first + more;
    }

    /** The same as an exception. */
    IOException trouble() {
        return new IOException(words(), troubles.values().iterator().next());
    }
}
