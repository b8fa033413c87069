package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Records as a zone file has them, {@code "orders. 5 A 10.0.0.1"}, and messages of such. */
final class Records {

    private Records() {}

    static Record record(String line) {
        String[] words = line.split(" ", 4);
        try {
            return Record.fromString(
                    name(words[0]), Type.value(words[2]), DClass.IN, Long.parseLong(words[1]), words[3], Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    static List<Record> records(String... lines) {
        return Arrays.stream(lines).map(Records::record).toList();
    }

    static Message message(int code, String... lines) {
        Message message = new Message();
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(code);
        records(lines).forEach(record -> message.addRecord(record, Section.ANSWER));
        return message;
    }

    static Name name(String text) {
        return Name.fromConstantString(text);
    }

    static Question question(String text) {
        String[] words = text.split(" ", 2);
        return new Question(name(words[1]), Type.value(words[0]));
    }
}
