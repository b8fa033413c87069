package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Several name servers, asked one after the other until one answers; who answered last is asked first. */
final class NameServers implements NameServer {

    private final List<? extends NameServer> servers;
    /** Whom to ask first: a hint, which threads may overwrite for each other. */
    private volatile int first;

    NameServers(List<? extends NameServer> servers) {
        this.servers = servers;
    }

    /** An answer that says either that there is such a name, or that there is none. */
    @Override
    public Message ask(Question question) throws IOException, InterruptedException {
        List<String> troubles = new ArrayList<>();
        int begin = first;
        for (int i = 0; i < servers.size(); i++) {
            int at = (begin + i) % servers.size();
            try {
                Message answer = known(servers.get(at).ask(question));
                first = at;
                return answer;
            } catch (IOException e) {
                stopIfInterrupted();
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

    /** What an interrupt closes looks like trouble of the server. */
    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
    }
}
