package io.evenkeel.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Four callers who call without a pause, while something happens to a replica. */
final class Callers {

    private static final int CALLERS = 4;

    private final int calls;
    private final Callable<String> call;
    private final Event event;
    private final AtomicInteger begun = new AtomicInteger();
    private volatile int end = Integer.MAX_VALUE;

    /** What happens meanwhile. */
    @FunctionalInterface
    interface Event {
        void happen() throws Exception;
    }

    private Callers(int calls, Callable<String> call, Event event) {
        this.calls = calls;
        this.call = call;
        this.event = event;
    }

    /** Makes so many calls, then more until the event is over, then as many again. Tells which answer came how often; throws what a call
     * throws. */
    static Map<String, Integer> call(int calls, Callable<String> call, Event event) throws Exception {
        return new Callers(calls, call, event).run();
    }

    private Map<String, Integer> run() throws Exception {
        List<Future<List<String>>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(this::callOnAndOn));
            }
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (Future<List<String>> caller : callers) {
            caller.get().forEach(who -> counts.merge(who, 1, Integer::sum));
        }
        return counts;
    }

    private List<String> callOnAndOn() throws Exception {
        List<String> answers = new ArrayList<>();
        for (int number = begun.getAndIncrement(); number < end; number = begun.getAndIncrement()) {
            if (number == calls) {
                happen();
            }
            answers.add(call.call());
        }
        return answers;
    }

    private void happen() throws Exception {
        try {
            event.happen();
        } finally {
            end = begun.get() + calls;
        }
    }
}
