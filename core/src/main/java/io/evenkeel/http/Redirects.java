package io.evenkeel.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect leads, by the JDK's rules, but by name: an address of one of the service's replicas is the service.
 *
 * @param policy the user's
 * @param most how many requests one of the caller's becomes at most
 * @param services which know what is a replica's address
 */
record Redirects(Redirect policy, int most, Services services) {

    /** Of a property of the JDK's client. */
    static final int MOST = Integer.getInteger("jdk.httpclient.redirects.retrylimit", 5);

    private static final Set<Integer> FOLLOWED = Set.of(301, 302, 303, 307, 308);
    /** What says something of the host, or is for it alone: the JDK's, and credentials for a proxy. */
    private static final Set<String> OF_THE_HOST =
            caseless("Authorization", "Cookie", "Host", "Origin", "Referer", "Proxy-Authorization");

    private static Set<String> caseless(String... names) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(Set.of(names));
        return all;
    }

    /**
     * The request that follows an answer, which is the {@code count}th to the caller's; null if the caller is to see the answer.
     *
     * @param way of the request that was answered, if it was balanced
     * @throws IOException if it leads nowhere, or that is no URI
     */
    @Nullable
    HttpRequest after(HttpRequest request, @Nullable Way way, int status, HttpHeaders headers, int count)
            throws IOException {
        if (policy == Redirect.NEVER || !FOLLOWED.contains(status)) {
            return null;
        }
        URI target = target(request.uri(), way, headers);
        return count < most && isAllowed(request.uri(), target)
                ? redirected(request, target, becomesGet(request.method(), status))
                : null;
    }

    private URI target(URI from, @Nullable Way way, HttpHeaders headers) throws IOException {
        URI target = from.resolve(location(headers));
        return services.redirected(from, way, target).orElse(target);
    }

    private static URI location(HttpHeaders headers) throws IOException {
        String text = headers.firstValue("Location").orElseThrow(() -> new IOException("Invalid redirection"));
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.toString(), e);
        }
    }

    private boolean isAllowed(URI from, URI target) {
        return policy == Redirect.ALWAYS
                || isHttps(target)
                || target.getScheme().equalsIgnoreCase(from.getScheme());
    }

    private static boolean isHttps(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** RFC 9110, section 15.4, as browsers and the JDK read it. */
    private static boolean becomesGet(String method, int status) {
        return status == 303 || (status < 303 && method.equals("POST"));
    }

    /** With its body, which is subscribed to again, whatever it is: as by the JDK's client, that is the caller's to provide for. */
    private static HttpRequest redirected(HttpRequest request, URI target, boolean asGet) {
        boolean same = isSame(request.uri(), target);
        HttpRequest.Builder next = HttpRequest.newBuilder(request, (name, value) -> same || !OF_THE_HOST.contains(name))
                .uri(target);
        return (asGet ? next.GET() : next).build();
    }

    private static boolean isSame(URI from, URI target) {
        return from.getScheme().equalsIgnoreCase(target.getScheme())
                && from.getRawAuthority().equals(target.getRawAuthority());
    }
}
