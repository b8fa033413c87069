package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Completes names by search domains, and follows aliases. Threads: any. */
record Resolver(NameServer server, SearchPath search) {

    private static final int MOST_ALIASES = 8;

    /**
     * The records that {@code question} asks for.
     *
     * @throws IOException if that cannot be found out, or there is no such name
     */
    Reply.Answer answer(Question question) throws IOException, InterruptedException {
        for (Name name : search.candidates(question.name())) {
            Optional<Reply.Answer> answer = follow(new Question(name, question.type()));
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new IOException(question.name() + " does not exist");
    }

    /** Empty if there is no such name, or none that it is an alias of. */
    private Optional<Reply.Answer> follow(Question question) throws IOException, InterruptedException {
        Name name = question.name();
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i <= MOST_ALIASES; i++) {
            Message message = server.ask(new Question(name, question.type()));
            if (message.getRcode() == Rcode.NXDOMAIN) {
                return Optional.empty();
            }
            Trail trail = Trail.of(message, name);
            ttl = Math.min(ttl, trail.ttl());
            List<Record> records = records(message, new Question(trail.end(), question.type()));
            if (!records.isEmpty() || trail.end().equals(name)) {
                return Optional.of(new Reply.Answer(records, Math.min(ttl, ttl(records))));
            }
            name = trail.end(); // the server may know no more of it, or not have looked
        }
        throw new IOException(question + ": leads from alias to alias, more than " + MOST_ALIASES + " times");
    }

    private static List<Record> records(Message message, Question question) {
        return message.getSection(Section.ANSWER).stream()
                .filter(record ->
                        record.getType() == question.type() && record.getName().equals(question.name()))
                .toList();
    }

    private static long ttl(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(Long.MAX_VALUE);
    }

    /** Where the aliases in an answer lead, and for how many seconds. */
    private record Trail(Name end, long ttl) {

        static Trail of(Message message, Name begin) {
            Map<Name, CNAMERecord> aliases = new HashMap<>();
            for (Record record : message.getSection(Section.ANSWER)) {
                if (record instanceof CNAMERecord alias) {
                    aliases.put(alias.getName(), alias);
                }
            }
            Name end = begin;
            long ttl = Long.MAX_VALUE;
            // each is taken once: they may lead in a circle
            for (CNAMERecord alias = aliases.remove(end); alias != null; alias = aliases.remove(end)) {
                end = alias.getTarget();
                ttl = Math.min(ttl, alias.getTTL());
            }
            return new Trail(end, ttl);
        }
    }
}
