package io.evenkeel.http;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A server that behaviours are seen at. */
enum Origin {
    SCRIPTED("a scripted server"),
    PAIR("two scripted servers"),
    SIX("a scripted server by IPv6"),
    JDK("the JDK's server"),
    JETTY("Jetty, HTTP/1.1"),
    JETTY_H2C("Jetty, HTTP/2 by upgrade"),
    JETTY_H2("Jetty, HTTP/2 over TLS"),
    NGINX("nginx, HTTP/1.1"),
    NGINX_H2("nginx, HTTP/2 over TLS"),
    HAPROXY("HAProxy, HTTP/1.1"),
    HAPROXY_H2("HAProxy, HTTP/2 over TLS"),
    WIREMOCK("WireMock"),
    JETTY_MUTUAL("Jetty, which asks for certificates"),
    NGINX_MUTUAL("nginx, which asks for certificates"),
    HAPROXY_MUTUAL("HAProxy, which asks for certificates"),
    TLS("a scripted server over TLS"),
    TLS_NAME("one whose certificate has the service's name alone"),
    TLS_WRONG("one whose certificate has another name"),
    TLS_EXPIRED("one whose certificate has expired"),
    TLS_STRANGER("one whose certificate is of an unknown authority"),
    NOBODY("an address where nobody listens"),
    UNKNOWN("a name that nobody knows"),
    FULL("an address where nobody accepts");

    /** Those that tell what they were asked. With the request that asks Jetty to upgrade, it does not always read a body of unknown
     * length, nor the JDK's client a large one. */
    static final Set<Origin> ALL_THAT_ECHO = Collections.unmodifiableSet(
            EnumSet.of(SCRIPTED, JDK, JETTY, JETTY_H2C, JETTY_H2, NGINX, NGINX_H2, HAPROXY, HAPROXY_H2));

    private final String title;

    Origin(String title) {
        this.title = title;
    }

    /** Whether a client needs to trust the tests' authority. */
    boolean isSecure() {
        return name().endsWith("H2") || name().endsWith("MUTUAL") || name().startsWith("TLS");
    }

    boolean isNginx() {
        return name().startsWith("NGINX");
    }

    boolean isHaProxy() {
        return name().startsWith("HAPROXY");
    }

    @Override
    public String toString() {
        return title;
    }
}
