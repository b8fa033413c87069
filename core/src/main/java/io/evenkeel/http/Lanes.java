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
 * A request begins with the one that bore the last of its server.
 */
final class Lanes {

    /** A server that bears 100 streams on a connection, as most do, is sent 1,600 requests at a time. */
    static final int MOST = 16;

    /** Servers whose lanes are remembered; those that share a place learn from one another. */
    private static final int PLACES = 64;
    /** Requests of a place until the lane before is tried again, which may have streams once more. */
    private static final int PATIENCE = 32;

    private final Supplier<HttpClient> maker;
    private final AtomicReferenceArray<@Nullable HttpClient> clients;
    /** By the server's address, which lane has streams left, as far as was seen, and how many requests it has begun with since: plain, for a race costs a try. */
    private final int[] usual = new int[PLACES];

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
        int lane = first(request);
        for (int tried = 1; ; tried++) {
            try {
                return client(lane).send(request, handler);
            } catch (IOException e) {
                if (!goesOn(tried, e)) {
                    throw asSeen(request, e);
                }
                lane = after(lane, request);
            }
        }
    }

    /** The lane to begin with: the last that had a stream left, or now and then the one before. */
    int first(HttpRequest request) {
        int place = place(request);
        int known = usual[place];
        int lane = known % MOST;
        if (lane == 0) {
            return 0;
        }
        int begun = known / MOST + 1;
        if (begun == PATIENCE) {
            lane--;
            begun = 0;
        }
        usual[place] = begun * MOST + lane;
        return lane;
    }

    /** The lane to go on with where one has no stream left. */
    int after(int lane, HttpRequest request) {
        int next = (lane + 1) % size();
        usual[place(request)] = next;
        return next;
    }

    private static int place(HttpRequest request) {
        return Math.floorMod(request.uri().getRawAuthority().hashCode(), PLACES);
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

    /** Whether a request that has failed so by as many lanes is to be sent by another. */
    boolean goesOn(int tried, Throwable error) {
        return tried < size() && Failures.tooManyStreams(error);
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
