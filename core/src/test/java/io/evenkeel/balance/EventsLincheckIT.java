package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Observer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Whoever tells leaves nothing untold, and no two tell at a time. */
public class EventsLincheckIT {

    private static final int MOST = 2_000;

    /** Events of several threads, told by whichever comes. */
    public static final class Telling {

        private final Events events = new Events("orders", Observer.none());
        private final AtomicInteger added = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger telling = new AtomicInteger();
        private volatile boolean together; // what an event throws goes no further

        public void add() {
            added.getAndIncrement();
            events.add(log -> {}, observer -> {
                together |= telling.getAndIncrement() > 0;
                told.getAndIncrement();
                telling.getAndDecrement();
            });
        }

        public void tell() {
            events.tell();
        }

        @Validate
        public void allIsToldOnce() {
            check(!together, "two tell at a time");
            check(told.get() == added.get(), told, added);
        }
    }

    @Test
    void eachEventIsToldOnceByOneAtATime() {
        explore(
                MOST,
                Telling.class,
                "add tell | add tell",
                "add tell | add tell | add tell",
                "add add tell | add tell");
    }
}
