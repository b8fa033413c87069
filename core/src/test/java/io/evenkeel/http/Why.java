package io.evenkeel.http;

/** Reasons why our client does something else than the JDK's: those that are meant, and those that are open. */
enum Why {
    REPEATS(true, "a call that may be repeated is, also where there is but one replica"),
    TUNED(true, "the transport that we make runs on virtual threads, and gives up connecting after a second"),
    CANCEL(true, "a future that is cancelled ends its call, be it without an interrupt"),
    WORDS(true, "an error that is ours has our words, and no other around it"),
    PUSHED(true, "pushed answers are the transport's, and told by the replica's address"),

    HOST(false, "a replica is told its own address, not the service's name"),
    TLS_NAME(false, "a replica is asked for a certificate of its own address, not of the service's name"),
    REDIRECT(false, "redirects are the transport's, and relative ones lead to the replica's address"),
    COOKIES(false, "cookies are the transport's, and belong to the replica's address"),
    CREDENTIALS(false, "credentials are the transport's, and asked for the replica's address"),
    LATE_REFUSAL(false, "a request that cannot be sent fails its future, and is not refused as it is handed over"),
    BARE_ERROR(false, "a stage that depends on a future is told the error itself, not a CompletionException around it"),
    OBTRUDED(false, "a future lets a result be forced upon it"),
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
