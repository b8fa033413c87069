package io.evenkeel.discovery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A listener that keeps what it is told, and for which a test can wait. Threads: any. */
public final class Heard implements Listener {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<List<Endpoint>> lists = new ArrayList<>();
    private final List<Exception> troubles = new ArrayList<>();
    private int confirmations;

    @Override
    public void endpoints(List<Endpoint> all) {
        locked(() -> lists.add(List.copyOf(all)));
    }

    /** What is odd the same way again is no news, as to a balancer. */
    @Override
    public void endpoints(List<Endpoint> all, Exception odd) {
        locked(() -> {
            lists.add(List.copyOf(all));
            if (troubles.isEmpty() || !troubles.getLast().getMessage().equals(odd.getMessage())) {
                troubles.add(odd);
            }
        });
    }

    @Override
    public void unchanged() {
        locked(() -> confirmations++);
    }

    @Override
    public void failed(Exception cause) {
        locked(() -> troubles.add(cause));
    }

    private void locked(Runnable report) {
        lock.lock();
        try {
            report.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All lists so far. */
    public List<List<Endpoint>> lists() {
        return copy(lists);
    }

    /** All troubles so far. */
    public List<Exception> troubles() {
        return copy(troubles);
    }

    /** What they say. */
    public List<String> messages() {
        return troubles().stream().map(Throwable::getMessage).toList();
    }

    /** How often it was told so far that the last list holds. */
    public int confirmations() {
        lock.lock();
        try {
            return confirmations;
        } finally {
            lock.unlock();
        }
    }

    private <T> List<T> copy(List<T> all) {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last list names just these URIs, in any order, and returns it. */
    public List<Endpoint> awaitUris(Set<String> uris, Duration most) throws InterruptedException {
        await(
                "the list " + uris,
                most,
                () -> !lists.isEmpty() && uris(lists.getLast()).equals(uris));
        return lists().getLast();
    }

    /** Waits until a list of this size was the last, and returns it. */
    public List<Endpoint> awaitSize(int size, Duration most) throws InterruptedException {
        await(
                "a list of " + size,
                most,
                () -> !lists.isEmpty() && lists.getLast().size() == size);
        return lists().getLast();
    }

    /** Waits until more than {@code before} troubles were reported. */
    public Exception awaitTrouble(int before, Duration most) throws InterruptedException {
        await("trouble", most, () -> troubles.size() > before);
        return troubles().getLast();
    }

    /** Waits for trouble with these words: other trouble may come before it, such as a machine that is too slow for a time limit. */
    public Exception awaitTrouble(String words, Duration most) throws InterruptedException {
        await("trouble with " + words, most, () -> troubles.stream().anyMatch(each -> speaksOf(each, words)));
        return troubles().stream()
                .filter(each -> speaksOf(each, words))
                .findFirst()
                .orElseThrow();
    }

    private static boolean speaksOf(Exception trouble, String words) {
        return String.valueOf(trouble.getMessage()).contains(words);
    }

    /** Waits until the last list is empty, or more than {@code before} troubles were reported. */
    public void awaitEmptyOrTrouble(int before, Duration most) throws InterruptedException {
        await(
                "an empty list, or trouble",
                most,
                () -> troubles.size() > before
                        || (!lists.isEmpty() && lists.getLast().isEmpty()));
    }

    /** Whether a list of this size was heard so far. */
    public boolean hasHeard(int size) {
        return lists().stream().anyMatch(list -> list.size() == size);
    }

    /** Waits until more lists than {@code lists}, or more confirmations than now, have come. */
    public void awaitLife(Duration most) throws InterruptedException {
        int listsBefore = lists().size();
        int confirmationsBefore = confirmations();
        await(
                "a list, or that the last holds",
                most,
                () -> lists.size() > listsBefore || confirmations > confirmationsBefore);
    }

    private static Set<String> uris(List<Endpoint> list) {
        return list.stream().map(endpoint -> endpoint.uri().toString()).collect(Collectors.toSet());
    }

    private void await(String what, Duration most, BooleanSupplier done) throws InterruptedException {
        lock.lock();
        try {
            long left = most.toNanos();
            while (!done.getAsBoolean() && left > 0) {
                left = news.awaitNanos(left);
            }
            assertThat(done.getAsBoolean())
                    .as("%s within %s; heard lists %s, troubles %s", what, most, brief(lists), troubles)
                    .isTrue();
        } finally {
            lock.unlock();
        }
    }

    private static List<?> brief(List<List<Endpoint>> lists) {
        return lists.stream()
                .skip(Math.max(0, lists.size() - 5))
                .map(list -> list.size() > 10
                        ? list.size() + " endpoints"
                        : uris(list).toString())
                .toList();
    }
}
