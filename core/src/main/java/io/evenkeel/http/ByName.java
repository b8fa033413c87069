package io.evenkeel.http;

import java.net.Authenticator;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URL;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the user's authenticator for a service's credentials where one of its replicas, known by address, wants them. */
final class ByName extends Authenticator {

    private final Authenticator authenticator;
    private final Function<URI, Optional<URI>> serviceOf;
    private final boolean via;

    /**
     * @param serviceOf the service's URI for that of a replica
     * @param via whether who is taken for a proxy is a replica, and is to have no proxy's credentials
     */
    ByName(Authenticator authenticator, Function<URI, Optional<URI>> serviceOf, boolean via) {
        this.authenticator = authenticator;
        this.serviceOf = serviceOf;
        this.via = via;
    }

    @Override
    public @Nullable PasswordAuthentication requestPasswordAuthenticationInstance(
            String host,
            @Nullable InetAddress address,
            int port,
            String protocol,
            String prompt,
            String scheme,
            URL url,
            RequestorType type) {
        if (via && type == RequestorType.PROXY) {
            return null;
        }
        Optional<URL> service = type == RequestorType.SERVER ? serviceOf(url) : Optional.empty();
        URL asked = service.orElse(url);
        return authenticator.requestPasswordAuthenticationInstance(
                service.map(URL::getHost).orElse(host),
                address,
                service.map(URL::getPort).orElse(port),
                protocol,
                prompt,
                scheme,
                asked,
                type);
    }

    private Optional<URL> serviceOf(URL replica) {
        return serviceOf.apply(URI.create(replica.toString())).map(ByName::url);
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e); // http and https are always known
        }
    }
}
