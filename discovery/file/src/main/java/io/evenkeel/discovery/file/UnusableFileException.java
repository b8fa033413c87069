package io.evenkeel.discovery.file;

import java.io.IOException;

/** What is in the file is of no use; the message is the reason, in words that can follow the name of the file. */
final class UnusableFileException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    UnusableFileException(String reason) {
        super(reason);
        this.reason = reason;
    }

    UnusableFileException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
