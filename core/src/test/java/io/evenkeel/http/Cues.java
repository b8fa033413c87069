package io.evenkeel.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** By which a server's script and the caller wait for each other. */
final class Cues {

    private final ConcurrentHashMap<String, CountDownLatch> cues = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, AtomicLong> counts = new ConcurrentHashMap<>();

    void give(String cue) {
        of(cue).countDown();
    }

    boolean isGiven(String cue) {
        return of(cue).getCount() == 0;
    }

    void await(String cue) throws InterruptedException {
        Waiting.on(of(cue));
    }

    /** For both to count by. */
    AtomicLong count(String what) {
        return counts.computeIfAbsent(what, name -> new AtomicLong());
    }

    private CountDownLatch of(String cue) {
        return cues.computeIfAbsent(cue, name -> new CountDownLatch(1));
    }
}
