package io.evenkeel.discovery.eureka;

import io.evenkeel.discovery.common.Web;
import java.io.IOException;

/** A server of Eureka, to be asked. Its {@code toString} is its name in messages. */
interface Server {

    /** GET of {@code path}, below the server's service URL.
     *
     * @throws IOException naming the server, if it does not answer */
    Web.Answer get(String path) throws IOException, InterruptedException;
}
