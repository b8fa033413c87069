package io.evenkeel.discovery.dns;

import java.io.IOException;
import org.xbill.DNS.Message;

/** Answers questions. Threads: any. */
@FunctionalInterface
interface NameServer {

    /**
     * Asks, and waits for the answer.
     *
     * @throws IOException if none came that can be used, and why, in words that can follow the name of the server
     */
    Message ask(Question question) throws IOException, InterruptedException;
}
