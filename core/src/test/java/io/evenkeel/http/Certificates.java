package io.evenkeel.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** What servers of the tests show, and clients trust. */
final class Certificates {

    static final Authority AUTHORITY;
    static final SSLContext TRUSTING;
    static final SSLContext TRUSTING_AND_KNOWN;

    static {
        try {
            AUTHORITY = new Authority("authority of the tests");
            TRUSTING = AUTHORITY.trusting();
            TRUSTING_AND_KNOWN = AUTHORITY.trusting(AUTHORITY.issue("caller.test"));
        } catch (GeneralSecurityException | IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Certificates() {}

    /** For the service's name and its replicas' address. */
    static Authority.Credentials ofService() throws GeneralSecurityException, IOException {
        return AUTHORITY.issue(Site.NAME, "127.0.0.1");
    }

    /** Of a server that behaviours are seen at. */
    static SSLContext of(Origin origin) throws GeneralSecurityException, IOException {
        return AUTHORITY.trusting(
                switch (origin) {
                    case TLS_NAME -> AUTHORITY.issue(Site.NAME);
                    case TLS_WRONG -> AUTHORITY.issue("other.test");
                    case TLS_EXPIRED -> AUTHORITY.issueExpired(Site.NAME, "127.0.0.1");
                    case TLS_STRANGER -> new Authority("a stranger").issue(Site.NAME, "127.0.0.1");
                    default -> ofService();
                });
    }
}
