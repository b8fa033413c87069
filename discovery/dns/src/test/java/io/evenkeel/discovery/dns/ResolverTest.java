package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

class ResolverTest {

    private final Map<String, Message> messages = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private final NameServer server = question -> {
        asked.add(question.toString());
        Message message = messages.get(question.toString());
        if (message == null) {
            throw new IOException(question + ": is not to be had");
        }
        return message;
    };

    private Reply.Answer answer(String question, Name... domains) throws Exception {
        return new Resolver(server, new SearchPath(List.of(domains), 1)).answer(Records.question(question));
    }

    private void assertTrouble(String question, String message, Name... domains) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> answer(question, domains))
                .withMessage(message);
    }

    @Test
    void theRecordsAskedForAndTheirLeastTimeToLive() throws Exception {
        messages.put(
                "A orders.",
                Records.message(
                        Rcode.NOERROR,
                        "orders. 7 A 10.0.0.1",
                        "Orders. 5 A 10.0.0.2",
                        "orders. 1 TXT text",
                        "others. 1 A 10.0.0.3"));
        assertThat(answer("A orders."))
                .isEqualTo(new Reply.Answer(Records.records("orders. 7 A 10.0.0.1", "Orders. 5 A 10.0.0.2"), 5));
    }

    @Test
    void aNameWithoutRecordsOfTheTypeIsAnAnswer() throws Exception {
        messages.put("AAAA orders.", Records.message(Rcode.NOERROR));
        assertThat(answer("AAAA orders.").records()).isEmpty();
    }

    @Test
    void anAliasIsFollowedWithinTheAnswerAndItsTimeToLiveCounts() throws Exception {
        messages.put(
                "A orders.", Records.message(Rcode.NOERROR, "b. 9 A 10.0.0.1", "a. 3 CNAME b.", "orders. 8 CNAME a."));
        assertThat(answer("A orders.")).isEqualTo(new Reply.Answer(Records.records("b. 9 A 10.0.0.1"), 3));
        assertThat(asked).containsExactly("A orders.");
    }

    @Test
    void anAliasThatTheAnswerDoesNotFollowIsAskedFor() throws Exception {
        messages.put("A orders.", Records.message(Rcode.NOERROR, "orders. 2 CNAME a."));
        messages.put("A a.", Records.message(Rcode.NOERROR, "a. 9 A 10.0.0.1"));
        assertThat(answer("A orders.")).isEqualTo(new Reply.Answer(Records.records("a. 9 A 10.0.0.1"), 2));
    }

    @Test
    void anAliasOfANameWithoutRecordsHasNone() throws Exception {
        messages.put("AAAA orders.", Records.message(Rcode.NOERROR, "orders. 2 CNAME a."));
        messages.put("AAAA a.", Records.message(Rcode.NOERROR));
        assertThat(answer("AAAA orders.").records()).isEmpty();
    }

    @Test
    void aliasesThatLeadInACircleEnd() throws Exception {
        messages.put("A a.", Records.message(Rcode.NOERROR, "a. 1 CNAME b."));
        messages.put("A b.", Records.message(Rcode.NOERROR, "b. 1 CNAME a."));
        messages.put("A c.", Records.message(Rcode.NOERROR, "c. 1 CNAME d.", "d. 1 CNAME c."));
        assertTrouble("A a.", "A a.: leads from alias to alias, more than 8 times");
        assertThat(answer("A c.").records()).isEmpty();
    }

    @Test
    void aNameThatDoesNotExistIsTrouble() {
        messages.put("A orders.", Records.message(Rcode.NXDOMAIN));
        assertTrouble("A orders.", "orders. does not exist");
    }

    @Test
    void anAliasOfANameThatDoesNotExistIsTrouble() {
        messages.put("A orders.", Records.message(Rcode.NXDOMAIN, "orders. 1 CNAME gone."));
        assertTrouble("A orders.", "orders. does not exist");
    }

    @Test
    void domainsAreTriedInTurnAsLongAsTheNameDoesNotExist() throws Exception {
        messages.put("A orders.a.", Records.message(Rcode.NXDOMAIN));
        messages.put("A orders.b.", Records.message(Rcode.NOERROR, "orders.b. 1 A 10.0.0.1"));
        assertThat(answer("A orders", Records.name("a."), Records.name("b.")).records())
                .hasSize(1);
        assertThat(asked).containsExactly("A orders.a.", "A orders.b.");
    }

    @Test
    void aDomainThatCannotBeAskedEndsTheSearchForTheNextMayBeTheWrongOne() {
        messages.put("A orders.b.", Records.message(Rcode.NOERROR, "orders.b. 1 A 10.0.0.1"));
        assertTrouble("A orders", "A orders.a.: is not to be had", Records.name("a."), Records.name("b."));
    }

    @Test
    void aNameInNoneOfTheDomainsDoesNotExist() {
        messages.put("A orders.a.", Records.message(Rcode.NXDOMAIN));
        messages.put("A orders.", Records.message(Rcode.NXDOMAIN));
        assertTrouble("A orders", "orders does not exist", Records.name("a."));
    }
}
