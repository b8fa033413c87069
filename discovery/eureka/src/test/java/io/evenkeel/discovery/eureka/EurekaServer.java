package io.evenkeel.discovery.eureka;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;

/** A real server of Eureka, to be run in a process of its own. */
@SpringBootApplication
@EnableEurekaServer
public class EurekaServer {

    /** Runs it, with its settings as arguments. */
    public static void main(String[] settings) {
        SpringApplication.run(EurekaServer.class, settings);
    }
}
