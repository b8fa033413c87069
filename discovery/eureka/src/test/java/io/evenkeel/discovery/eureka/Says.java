package io.evenkeel.discovery.eureka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.discovery.common.Web;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/** What a server of Eureka says, in its own words. */
final class Says {

    private Says() {}

    static Web.Answer ok(String body) {
        return status(200, body);
    }

    static Web.Answer status(int status, String body) {
        return new Web.Answer(status, HttpHeaders.of(Map.of(), (name, value) -> true), body.getBytes(UTF_8));
    }

    static String application(String name, List<String> instances) {
        return "{\"name\": \"%s\", \"instance\": %s}".formatted(name, instances);
    }

    static String everything(String count, String... applications) {
        return """
                {"applications": {"versions__delta": "1", "apps__hashcode": "%s", "application": %s}}
                """.formatted(count, List.of(applications));
    }

    static String instance(String id, String status) {
        return instance(id, status, "ADDED");
    }

    /** At port 8080 of a host whose name is the id. */
    static String instance(String id, String status, String action) {
        return """
                {"instanceId": "%1$s", "hostName": "%1$s", "ipAddr": "10.0.0.1", "status": "%2$s", "overriddenstatus": "UNKNOWN",
                 "port": {"$": 8080, "@enabled": "true"}, "securePort": {"$": 8443, "@enabled": "false"},
                 "dataCenterInfo": {"@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"},
                 "metadata": {"@class": "java.util.Collections$EmptyMap"}, "lastUpdatedTimestamp": "1", "actionType": "%3$s"}
                """.formatted(id, status, action);
    }
}
