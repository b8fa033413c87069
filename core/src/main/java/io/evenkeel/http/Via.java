package io.evenkeel.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has requests for a name go to an address, without the name being resolved: as to a proxy, whose form of a request every server has to
 * accept (RFC 9112, section 3.2.2). The JDK's client asks for the proxy on the thread that sends, and before it returns; one of another make that does not is refused.
 */
final class Via extends ProxySelector {

    private static final ThreadLocal<@Nullable InetSocketAddress> ADDRESS = new ThreadLocal<>();

    /** Requests that this thread sends go there. */
    static void goTo(InetSocketAddress address) {
        ADDRESS.set(address);
    }

    /** Until here. */
    static void done() {
        ADDRESS.remove();
    }

    /** What the name resolves to may be anybody, and is not asked. */
    @Override
    public List<Proxy> select(URI uri) {
        InetSocketAddress address = ADDRESS.get();
        if (address == null) {
            throw new IllegalStateException(
                    "a transport that sends by other threads than it is called on, as some with a cache do,"
                            + " cannot tell replicas an authority over http: use another, or start the JVM with"
                            + " -Djdk.httpclient.allowRestrictedHeaders=host");
        }
        return List.of(new Proxy(Proxy.Type.HTTP, address));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException error) {
        // the balancer sees for itself
    }
}
