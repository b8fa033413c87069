package io.evenkeel.resilience;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Which errors prove that nothing was sent. The whole cause chain counts: transports wrap. */
public final class Unsent {

    private static final int DEPTH = 32;

    private Unsent() {}

    /** Whether no connection came about: refused, unreachable, timed out while connecting, or no such host. */
    public static boolean neverConnected(Throwable error) {
        int depth = 0;
        for (Throwable t = error; t != null && depth < DEPTH; t = t.getCause(), depth++) {
            if (t instanceof ConnectException
                    || t instanceof NoRouteToHostException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
