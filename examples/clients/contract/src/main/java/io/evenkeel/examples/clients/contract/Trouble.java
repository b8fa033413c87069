package io.evenkeel.examples.clients.contract;

/** What may be wrong with a replica. */
enum Trouble {
    NONE,
    /** Answers with 404. */
    HAS_NONE,
    /** Answers with 500. */
    FAILS,
    /** Answers with 503. */
    IS_BUSY,
    /** Accepts no connection. */
    IS_DEAD,
    /** Never answers. */
    HANGS,
    /** Closes the connection instead of answering. */
    CLOSES,
    /** Closes the connection in the middle of the answer's body. */
    BREAKS_OFF
}
