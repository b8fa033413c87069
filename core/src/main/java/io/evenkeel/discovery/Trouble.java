package io.evenkeel.discovery;

/** What a listener is told of what was thrown. */
final class Trouble {

    private Trouble() {}

    /** The same, unless it is an error, such as a missing class: that is told as what came of {@code task}. */
    static Exception of(Throwable thrown, String task) {
        return thrown instanceof Exception trouble ? trouble : new IllegalStateException(task + " threw", thrown);
    }
}
