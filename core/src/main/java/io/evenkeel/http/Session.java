package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.NoEndpointException;
import io.evenkeel.balance.Attempt;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * Where one request belongs, and what its answer says of that. By default: anywhere, and nothing.
 *
 * <p>Threads: any; two attempts side by side share it.
 */
interface Session {

    /** Of a request that belongs nowhere. */
    Session NONE = new Session() {};

    /** Whether it belongs to one replica, listed or not, whatever this client remembers. */
    default boolean hasHome() {
        return false;
    }

    /** The call, before an attempt, with where it belongs as far as that is known now. */
    default Call place(Call call) throws NoEndpointException {
        return call;
    }

    /** Heeds the answer that the caller gets, and gives the headers that the caller sees. */
    default HttpHeaders answered(HttpResponse<?> response, Attempt attempt) {
        return response.headers();
    }
}
