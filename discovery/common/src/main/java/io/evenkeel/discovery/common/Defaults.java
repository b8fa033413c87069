package io.evenkeel.discovery.common;

import java.net.http.HttpClient;
import java.time.Duration;

/** What this package makes for itself when nothing is handed to it: a client. */
final class Defaults {

    private Defaults() {}

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(2))
                .executor(task -> Thread.ofVirtual().name("evenkeel-registry").start(task))
                .build();
    }
}
