package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A host and its addresses of both families. Those of a family stay while only the question for it fails. */
final class Host {

    private final Name name;
    private final List<Question> questions;
    private Map<Question, List<String>> known = Map.of();

    Host(Name name) {
        this.name = name;
        this.questions = List.of(new Question(name, Type.A), new Question(name, Type.AAAA));
    }

    /** Asks for the addresses of all of them, at once; but for the older family first, since questions for the other may be dropped on the way, and take all threads. */
    static void lookUp(Collection<Host> hosts, Round round) throws InterruptedException {
        List<Question> all = hosts.stream()
                .flatMap(host -> host.questions.stream())
                .sorted(Comparator.comparingInt(Question::type))
                .toList();
        Map<Question, Reply> replies = round.ask(all);
        hosts.forEach(host -> host.learn(replies, round));
    }

    private void learn(Map<Question, Reply> replies, Round round) {
        Map<Question, List<String>> now = new LinkedHashMap<>();
        for (Question question : questions) {
            now.put(
                    question,
                    replies.get(question) instanceof Reply.Answer answer
                            ? literals(answer.records())
                            : known.getOrDefault(question, List.of()));
        }
        if (!now.values().stream().allMatch(List::isEmpty)) {
            known = now;
        } else if (questions.stream().allMatch(question -> replies.get(question) instanceof Reply.Answer)) {
            round.note(new IOException(name + " has no addresses"));
        }
    }

    /** As a URI has them. */
    List<String> addresses() {
        return known.values().stream().flatMap(List::stream).toList();
    }

    private static List<String> literals(List<Record> records) {
        return records.stream().map(Host::literal).distinct().toList();
    }

    private static String literal(Record record) {
        InetAddress address = record instanceof AAAARecord six ? six.getAddress() : ((ARecord) record).getAddress();
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
