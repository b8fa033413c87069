package io.evenkeel.discovery.eureka;

import io.evenkeel.discovery.common.UnusableException;
import java.io.IOException;
import java.util.List;

/** A way to learn the instances of one application. Used by one thread at a time. */
interface Question {

    /**
     * The instances that {@code server} knows, whatever their status; none if it does not know the application.
     *
     * @throws UnusableException if what it says is of no use; the reason can follow its name
     */
    List<Instance> ask(Server server) throws IOException, InterruptedException;
}
