package io.evenkeel.http;

import io.evenkeel.OverloadedException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that are all alike. The JDK's has one connection of HTTP/2 to a server, and fails at once beyond as many streams as the server
 * bears on it (JDK-8225647); nothing was sent then, and the next client has a connection of its own.
 */
final class Lanes {

    /** A server that bears 100 streams on a connection, as most do, is sent 1,600 requests at a time. */
    static final int MOST = 16;

    private final Supplier<HttpClient> maker;
    private final AtomicReferenceArray<@Nullable HttpClient> clients;

    /** Of {@code maker}'s clients, the first of which is there already. */
    Lanes(HttpClient first, Supplier<HttpClient> maker) {
        this.maker = maker;
        this.clients = new AtomicReferenceArray<>(MOST);
        clients.set(0, first);
    }

    private Lanes(HttpClient only) {
        this.maker = () -> only;
        this.clients = new AtomicReferenceArray<>(1);
        clients.set(0, only);
    }

    /** One client, and no other. */
    static Lanes only(HttpClient client) {
        return new Lanes(client);
    }

    /** The one of an index below {@link #size}. */
    HttpClient client(int index) {
        HttpClient known = clients.get(index);
        if (known != null) {
            return known;
        }
        HttpClient made = maker.get();
        HttpClient raced = clients.compareAndExchange(index, null, made);
        if (raced == null) {
            return made;
        }
        made.shutdownNow();
        return raced;
    }

    int size() {
        return clients.length();
    }

    /** On the caller's thread. */
    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        for (int lane = 0; ; lane++) {
            try {
                return client(lane).send(request, handler);
            } catch (IOException e) {
                if (!goesOn(lane, e)) {
                    throw asSeen(request, e);
                }
            }
        }
    }

    /** The error that the caller sees where the last lane has failed, too. */
    <E extends Throwable> E asSeen(HttpRequest request, E error) throws OverloadedException {
        if (Failures.tooManyStreams(error)) {
            throw new OverloadedException(
                    request.uri().getAuthority() + " bears no more requests at a time on "
                            + (size() == 1 ? "a connection" : size() + " connections")
                            + ": have more replicas, or let calls wait by Limit.perReplica(n).withQueue(m)",
                    error);
        }
        return error;
    }

    /** Whether a request that failed so is to be sent by the next lane. */
    boolean goesOn(int lane, Throwable error) {
        return lane + 1 < size() && Failures.tooManyStreams(error);
    }

    void forEach(Consumer<HttpClient> action) {
        for (int lane = 0; lane < size(); lane++) {
            HttpClient client = clients.get(lane);
            if (client != null) {
                action.accept(client);
            }
        }
    }
}
