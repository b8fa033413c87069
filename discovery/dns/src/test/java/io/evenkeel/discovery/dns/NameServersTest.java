package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

class NameServersTest {

    private static final Question QUESTION = Records.question("A orders.");

    private final List<String> asked = new ArrayList<>();

    /** One that answers with a code, or is dead if that is negative. */
    private final class Server implements NameServer {

        private final String name;
        private int code;

        Server(String name, int code) {
            this.name = name;
            this.code = code;
        }

        @Override
        public Message ask(Question question) throws IOException {
            asked.add(name);
            if (code < 0) {
                throw new IOException("is dead");
            }
            return Records.message(code);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void theFirstIsAskedAlone() throws Exception {
        new NameServers(List.of(new Server("a", Rcode.NOERROR), new Server("b", Rcode.NOERROR))).ask(QUESTION);
        assertThat(asked).containsExactly("a");
    }

    @Test
    void theNextIsAskedAfterOneThatIsDeadOrAnswersAnError() throws Exception {
        NameServers servers = new NameServers(
                List.of(new Server("a", -1), new Server("b", Rcode.SERVFAIL), new Server("c", Rcode.NOERROR)));
        assertThat(servers.ask(QUESTION).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(asked).containsExactly("a", "b", "c");
    }

    @Test
    void thatThereIsNoSuchNameIsAnAnswer() throws Exception {
        NameServers servers = new NameServers(List.of(new Server("a", Rcode.NXDOMAIN), new Server("b", Rcode.NOERROR)));
        assertThat(servers.ask(QUESTION).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void whoAnsweredLastIsAskedFirstUntilItFails() throws Exception {
        Server a = new Server("a", -1);
        Server b = new Server("b", Rcode.NOERROR);
        NameServers servers = new NameServers(List.of(a, b));
        servers.ask(QUESTION);
        a.code = Rcode.NOERROR;
        asked.clear();
        servers.ask(QUESTION);
        assertThat(asked).containsExactly("b");
        b.code = Rcode.REFUSED;
        asked.clear();
        servers.ask(QUESTION);
        servers.ask(QUESTION);
        assertThat(asked).containsExactly("b", "a", "a");
    }

    @Test
    void ifAllFailEachSaysWhy() {
        NameServers servers = new NameServers(List.of(new Server("a", -1), new Server("b", Rcode.SERVFAIL)));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> servers.ask(QUESTION))
                .withMessage("A orders.: a is dead, b answers SERVFAIL");
    }

    @Test
    void anInterruptAsksNobodyElse() {
        NameServer interrupted = question -> {
            Thread.currentThread().interrupt();
            throw new IOException("closed");
        };
        NameServers servers = new NameServers(List.of(interrupted, new Server("b", Rcode.NOERROR)));
        try {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> servers.ask(QUESTION));
        } finally {
            Thread.interrupted();
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aQuestionThatNobodyWaitedForGoesToTheNextServerFromThenOn() throws Exception {
        Question six = Records.question("AAAA orders.");
        NameServer one = question -> {
            asked.add("a");
            if (question.equals(six)) {
                Thread.currentThread().interrupt();
                throw new IOException("closed by an interrupt");
            }
            return Records.message(Rcode.NOERROR);
        };
        NameServers servers = new NameServers(List.of(one, new Server("b", Rcode.NOERROR)));
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> servers.ask(six));
        assertThat(Thread.interrupted()).isTrue();
        servers.ask(QUESTION);
        asked.clear();

        servers.ask(six);
        servers.ask(QUESTION);
        servers.ask(six);

        assertThat(asked).containsExactly("b", "a", "b");
    }

    @Test
    void whoWasAskedForThatReasonAndFailsIsNoLongerAskedFirst() throws Exception {
        Server b = new Server("b", Rcode.NOERROR);
        NameServer one = question -> {
            asked.add("a");
            if (asked.size() == 1) {
                Thread.currentThread().interrupt();
                throw new IOException("closed by an interrupt");
            }
            return Records.message(Rcode.NOERROR);
        };
        NameServers servers = new NameServers(List.of(one, b));
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> servers.ask(QUESTION));
        assertThat(Thread.interrupted()).isTrue();
        b.code = -1;
        servers.ask(QUESTION);
        servers.ask(QUESTION);
        assertThat(asked).containsExactly("a", "b", "a", "a");
    }
}
