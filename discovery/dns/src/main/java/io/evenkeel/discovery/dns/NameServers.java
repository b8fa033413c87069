package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Several name servers, asked one after the other until one answers; who answered last is asked first. */
final class NameServers implements NameServer {

    private static final int MOST_ELSEWHERE = 10_000;

    private final List<? extends NameServer> servers;
    /** Whom to ask first: a hint, which threads may overwrite for each other. */
    private volatile int first;
    /** Whom to ask first a question of which nobody waited for the end: the next server, for one may leave out what another answers. */
    private final Map<Question, Integer> elsewhere = new ConcurrentHashMap<>();

    NameServers(List<? extends NameServer> servers) {
        this.servers = servers;
    }

    /** An answer that says either that there is such a name, or that there is none. */
    @Override
    public Message ask(Question question) throws IOException, InterruptedException {
        List<String> troubles = new ArrayList<>();
        int begin = elsewhere.getOrDefault(question, first);
        for (int i = 0; i < servers.size(); i++) {
            int at = (begin + i) % servers.size();
            try {
                Message answer = known(servers.get(at).ask(question));
                answered(question, at);
                return answer;
            } catch (IOException e) {
                if (Thread.currentThread()
                        .isInterrupted()) { // what an interrupt closes looks like trouble of the server
                    giveUp(question, at);
                    throw new InterruptedException();
                }
                troubles.add(servers.get(at) + " " + (e.getMessage() == null ? e : e.getMessage()));
            }
        }
        throw new IOException(question + ": " + String.join(", ", troubles));
    }

    private static Message known(Message answer) throws IOException {
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw new IOException("answers " + Rcode.string(code));
        }
        return answer;
    }

    private void answered(Question question, int at) {
        Integer hint = elsewhere.get(question);
        if (hint == null || hint != at) {
            elsewhere.remove(question);
            first = at;
        }
    }

    private void giveUp(Question question, int at) {
        if (elsewhere.size() >= MOST_ELSEWHERE) {
            elsewhere.clear(); // of names long gone
        }
        elsewhere.put(question, (at + 1) % servers.size());
    }
}
