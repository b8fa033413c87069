package io.evenkeel.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All behaviours, and the differences among them in words. */
final class Behaviours {

    static final List<Behaviour> ALL = Stream.of(
                    MethodBehaviours.all(),
                    HeaderBehaviours.all(),
                    UriBehaviours.all(),
                    UploadBehaviours.all(),
                    BodyBehaviours.all(),
                    StatusBehaviours.all(),
                    RedirectBehaviours.all(),
                    LoginBehaviours.all(),
                    ReplyBehaviours.all(),
                    TimeBehaviours.all(),
                    FutureBehaviours.all(),
                    LifecycleBehaviours.all(),
                    Http2Behaviours.all(),
                    TlsBehaviours.all(),
                    DetourBehaviours.all(),
                    GatewayBehaviours.all())
            .flatMap(List::stream)
            .toList();

    private Behaviours() {}

    /** As docs/drop-in.md has them: a line for each behaviour, under each reason. */
    static String differences(boolean meant) {
        StringBuilder text = new StringBuilder();
        for (Why why : Why.values()) {
            String lines = why.isMeant() == meant ? lines(why) : "";
            if (!lines.isEmpty()) {
                text.append('\n').append(sentence(why.reason())).append("\n\n").append(lines);
            }
        }
        return text.toString();
    }

    private static String lines(Why why) {
        Map<String, String> lines = new TreeMap<>();
        for (Behaviour behaviour : ALL) {
            for (Behaviour.Difference difference : behaviour.differences()) {
                if (difference.why() == why) {
                    lines.merge(
                            behaviour.name(),
                            String.join(
                                    ", ",
                                    difference.findings().stream().sorted().toList()),
                            (one, other) -> one + ", " + other);
                }
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach((name, findings) ->
                text.append("- ").append(name).append(": ").append(findings).append('\n'));
        return text.toString();
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ":";
    }
}
