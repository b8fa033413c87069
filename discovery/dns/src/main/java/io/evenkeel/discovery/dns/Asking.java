package io.evenkeel.discovery.dns;

import java.util.Collection;
import java.util.Map;

/** Asks many questions at once. */
@FunctionalInterface
interface Asking {

    /** What came of each question, once it has come of all, or there is no waiting any longer. */
    Map<Question, Reply> ask(Collection<Question> questions) throws InterruptedException;
}
