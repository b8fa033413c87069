package io.evenkeel.http;

import java.time.Instant;
import javax.net.ssl.SSLContext;

/** What servers of the tests show, and clients trust. */
final class Certificates {

    static final Pki AUTHORITY;
    static final SSLContext TRUSTING;
    static final SSLContext TRUSTING_AND_KNOWN;

    static {
        try {
            AUTHORITY = Pki.create();
            TRUSTING = AUTHORITY.trusting();
            TRUSTING_AND_KNOWN = AUTHORITY.context(AUTHORITY.issue("caller.test"));
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The same each time: errors name it. */
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private Certificates() {}

    /** For the service's name and its replicas' address. */
    static Pki.Identity ofService() throws Exception {
        return AUTHORITY.issue(Site.NAME, "127.0.0.1");
    }

    /** Of a server that behaviours are seen at. */
    static SSLContext of(Origin origin) throws Exception {
        return AUTHORITY.context(
                switch (origin) {
                    case TLS_NAME -> AUTHORITY.issue(Site.NAME);
                    case TLS_WRONG -> AUTHORITY.issue("other.test");
                    case TLS_EXPIRED -> AUTHORITY.issue(Pki.keys("EC"), LONG_AGO, Site.NAME, "127.0.0.1");
                    case TLS_STRANGER -> Pki.create().issue(Site.NAME, "127.0.0.1");
                    default -> ofService();
                });
    }
}
