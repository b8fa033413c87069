package io.evenkeel.examples;

import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;

/** SLF4J's simple logging, with a diagnostic context as that of Logback and Log4j: each thread has its own, and inherits none. */
public final class LoggingWithMdc extends SimpleServiceProvider {

    private final MDCAdapter contexts = new Contexts();

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    private static final class Contexts implements MDCAdapter {

        private final ThreadLocal<Map<String, String>> own = ThreadLocal.withInitial(HashMap::new);

        @Override
        public void put(String key, String value) {
            own.get().put(key, value);
        }

        @Override
        public String get(String key) {
            return own.get().get(key);
        }

        @Override
        public void remove(String key) {
            own.get().remove(key);
        }

        @Override
        public void clear() {
            own.remove();
        }

        @Override
        public Map<String, String> getCopyOfContextMap() {
            return new HashMap<>(own.get());
        }

        @Override
        public void setContextMap(Map<String, String> context) {
            own.set(new HashMap<>(context));
        }

        @Override
        public void pushByKey(String key, String value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String popByKey(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Deque<String> getCopyOfDequeByKey(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clearDequeByKey(String key) {
            throw new UnsupportedOperationException();
        }
    }
}
