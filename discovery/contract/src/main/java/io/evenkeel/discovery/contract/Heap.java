package io.evenkeel.discovery.contract;

import java.lang.management.ManagementFactory;

/** Looks at what the heap holds, again and again, each time after a collection of garbage: the most is what must fit, at least. */
final class Heap implements AutoCloseable {

    /** All others stand still during a collection. */
    private static final int PAUSE_MILLIS = 10;

    private final long before = held();
    private volatile long most = before;
    private volatile boolean over;

    /** Looks from now on. */
    static Heap watched() {
        Heap heap = new Heap();
        Thread.ofPlatform().daemon().name("heap").start(heap::look);
        return heap;
    }

    private void look() {
        try {
            while (!over) {
                most = Math.max(most, held());
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // nobody looks any more
        }
    }

    private static long held() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** How much more than when this was made it has held so far, in bytes. */
    long more() {
        return most - before;
    }

    @Override
    public void close() {
        over = true;
    }
}
