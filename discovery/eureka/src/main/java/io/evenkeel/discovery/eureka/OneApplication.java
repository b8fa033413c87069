package io.evenkeel.discovery.eureka;

import io.evenkeel.discovery.common.Web;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks for the application alone, each time in full.
 *
 * @param application its name
 */
record OneApplication(String application) implements Question {

    private static final int NOT_FOUND = 404;

    @Override
    public List<Instance> ask(Server server) throws IOException, InterruptedException {
        String name = URLEncoder.encode(application, StandardCharsets.UTF_8).replace("+", "%20");
        Web.Answer answer = server.get("apps/" + name);
        return answer.status() == NOT_FOUND ? List.of() : Answers.application(answer);
    }
}
