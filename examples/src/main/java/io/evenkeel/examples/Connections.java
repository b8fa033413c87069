package io.evenkeel.examples;

import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The connections to each database that nobody uses at the moment: as many as were ever used at once. */
final class Connections implements AutoCloseable {

    private final Map<Endpoint, Queue<Connection>> idle = new ConcurrentHashMap<>();
    private final Properties settings = new Properties();

    /** What is done by a connection. */
    @FunctionalInterface
    interface Work<T> {
        T by(Connection connection) throws SQLException;
    }

    Connections(String user, String password) {
        settings.setProperty("user", user);
        settings.setProperty("password", password);
        settings.setProperty("connectTimeout", "10"); // seconds
        settings.setProperty("socketTimeout", "10"); // or a call to a database that hangs would wait for ever
    }

    /** Keeps the connection for the next one, unless it fails. */
    <T> T use(Endpoint database, Work<T> work) throws SQLException {
        Connection connection = take(database);
        try {
            T result = work.by(connection);
            idle(database).add(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            if (Databases.outcome(e) == Outcome.FAILURE) {
                closeIdle(database); // they have failed with it
            }
            throw e;
        }
    }

    private Connection take(Endpoint database) throws SQLException {
        Connection connection = idle(database).poll();
        return connection != null
                ? connection
                : DriverManager.getConnection("jdbc:" + database.uri() + "/postgres", settings);
    }

    private Queue<Connection> idle(Endpoint database) {
        return idle.computeIfAbsent(database, any -> new ConcurrentLinkedQueue<>());
    }

    private void closeIdle(Endpoint database) throws SQLException {
        Queue<Connection> connections = idle(database);
        for (Connection next = connections.poll(); next != null; next = connections.poll()) {
            next.close();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Endpoint database : idle.keySet()) {
            closeIdle(database);
        }
    }
}
