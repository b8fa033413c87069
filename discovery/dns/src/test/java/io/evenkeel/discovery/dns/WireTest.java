package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** What counts as an answer. */
class WireTest {

    private final Message query = Records.question("SRV orders.").query();

    private Message answer(int code, Message to) {
        Message answer = Records.message(code, "orders. 5 SRV 0 1 80 a.orders.", "orders. 5 SRV 0 1 80 b.orders.");
        answer.addRecord(to.getQuestion(), Section.QUESTION);
        return answer;
    }

    private void assertRefused(Message answer, String why) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Wire.read(query, answer.toWire()))
                .withMessage(why);
    }

    @Test
    void anAnswerRepeatsTheQuestion() throws Exception {
        assertThat(Wire.read(query, answer(Rcode.NOERROR, query).toWire()).getSection(Section.ANSWER))
                .hasSize(2);
        assertRefused(answer(Rcode.NOERROR, Records.question("A orders.").query()), "answers another question");
        assertRefused(answer(Rcode.NOERROR, Records.question("SRV others.").query()), "answers another question");
    }

    @Test
    void onlyAnErrorMayComeWithoutTheQuestion() throws Exception {
        assertThat(Wire.read(query, Records.message(Rcode.FORMERR).toWire()).getRcode())
                .isEqualTo(Rcode.FORMERR);
        assertRefused(Records.message(Rcode.NOERROR), "answers another question");
        assertRefused(Records.message(Rcode.NXDOMAIN), "answers another question");
    }

    @Test
    void aQueryIsNoAnswer() {
        Message answer = answer(Rcode.NOERROR, query);
        answer.getHeader().unsetFlag(Flags.QR);
        assertRefused(answer, "answers another question");
    }

    @Test
    void anyBytesAreReadOrRefused() {
        byte[] whole = answer(Rcode.NOERROR, query).toWire();
        Random random = new Random(42);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Wire.read(query, bytes).getHeader().getFlag(Flags.QR))
                        .isTrue();
                read++;
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }
}
