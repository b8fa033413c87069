package io.evenkeel.http;

/** Reasons why our client does something else than the JDK's: those that are meant, and those that are open. */
enum Why {
    REPEATS(true, "a call that may be repeated is, also where there is but one replica"),
    TUNED(true, "the transport that we make runs on virtual threads, and gives up connecting after a second"),
    CANCEL(true, "a future that is cancelled ends its call, be it without an interrupt"),
    WORDS(true, "an error that is ours has our words, and no other around it"),
    STREAMS(true, "calls beyond a replica's limit of HTTP/2 streams go by another connection, and do not fail"),
    HOST(true, "a replica is told its own address in Host, unless the balancer has an authority"),
    CREDENTIALS(true, "an authenticator is told the service's name without a port, and asked once for each replica"),
    PROXY(true, "credentials for a proxy, which a caller sets itself, do not go along to another host"),
    TIMEOUT(true, "a timeout is for all that a redirect leads to, and does not begin anew with each"),
    COOKIES(true, "a cookie that comes with a challenge is kept, but not sent with the credentials that answer it"),
    PUSHED(true, "pushed answers are the transport's, come with each attempt, and are told by the replica's address"),

    LATE_REFUSAL(false, "a request that cannot be sent fails its future, and is not refused as it is handed over"),
    LABEL(false, "the label of the connection, of JDK 25, is not handed on");

    private final boolean meant;
    private final String reason;

    Why(boolean meant, String reason) {
        this.meant = meant;
        this.reason = reason;
    }

    boolean isMeant() {
        return meant;
    }

    String reason() {
        return reason;
    }
}
