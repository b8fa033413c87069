package io.evenkeel.discovery.contract;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** What this JVM logs, from INFO up, by SLF4J or the JDK's own way, while somebody listens; what comes by SLF4J is shown nowhere else. */
final class Log extends Handler implements AutoCloseable {

    private static final CopyOnWriteArrayList<Log> LISTENING = new CopyOnWriteArrayList<>();

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private Log() {}

    /** Begins to listen. */
    static Log listen() {
        Log log = new Log();
        log.setLevel(Level.INFO);
        Logger.getLogger("").addHandler(log);
        LISTENING.add(log);
        return log;
    }

    /** All that was logged since it began to listen: who said it, what, and of what exceptions. */
    String all() {
        return String.join("\n", lines);
    }

    @Override
    public void publish(LogRecord entry) {
        add(entry.getLoggerName(), entry.getMessage(), entry.getParameters(), entry.getThrown());
    }

    private void add(String logger, String message, Object[] values, Throwable thrown) {
        StringBuilder line = new StringBuilder(logger + ": " + message);
        for (Object value : values == null ? new Object[0] : values) {
            line.append(' ').append(value);
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            line.append(" <- ").append(each);
        }
        lines.add(line.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LISTENING.remove(this);
        Logger.getLogger("").removeHandler(this);
    }

    /** How SLF4J finds it. */
    public static final class Provider implements SLF4JServiceProvider {

        @Override
        public ILoggerFactory getLoggerFactory() {
            return Lines::new;
        }

        @Override
        public IMarkerFactory getMarkerFactory() {
            return new BasicMarkerFactory();
        }

        @Override
        public MDCAdapter getMDCAdapter() {
            return new NOPMDCAdapter();
        }

        @Override
        public String getRequestedApiVersion() {
            return "2.0.99";
        }

        @Override
        public void initialize() {}
    }

    private static final class Lines extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1;

        Lines(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return !LISTENING.isEmpty();
        }

        @Override
        public boolean isWarnEnabled() {
            return isInfoEnabled();
        }

        @Override
        public boolean isErrorEnabled() {
            return isInfoEnabled();
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return Lines.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                org.slf4j.event.Level level, Marker marker, String pattern, Object[] values, Throwable thrown) {
            String message = MessageFormatter.basicArrayFormat(pattern, values);
            LISTENING.forEach(log -> log.add(name, message, null, thrown));
        }
    }
}
