package io.evenkeel.examples;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queries by JDBC to two PostgreSQL servers, such as two that replicate the same data; one is killed, which no caller notices.
 * Ends with 2 if no PostgreSQL can be started here.
 */
public final class Databases {

    private static final String WHO = "SELECT current_setting('cluster_name')";

    private final LoadBalancer balancer;
    private final Connections connections;

    private Databases(LoadBalancer balancer, Connections connections) {
        this.balancer = balancer;
        this.connections = connections;
    }

    public static void main(String[] args) throws Exception {
        try (PostgresServer one = PostgresServer.start("one");
                PostgresServer two = PostgresServer.start("two");
                Connections connections = new Connections(PostgresServer.USER, PostgresServer.PASSWORD);
                LoadBalancer database = LoadBalancer.builder("database")
                        .endpoints(one.address(), two.address())
                        .policy(Policy.leastRequest()) // that the first query had to connect says little of the next
                        .outcomes(Outcomes.defaults().withErrors(Databases::outcome))
                        .build()) {
            new Databases(database, connections).run(two);
        } catch (Postgres.UnavailableException e) {
            System.out.println(e.getMessage());
            System.exit(2);
        }
    }

    /** What an error says of the database, by the class of its SQLState. */
    static Outcome outcome(Throwable error) {
        return error instanceof SQLException failed
                ? outcome(failed.getSQLState())
                : Outcomes.defaults().ofError().apply(error);
    }

    private static Outcome outcome(@Nullable String state) {
        return switch (state == null || state.length() < 2 ? "" : state.substring(0, 2)) {
            case "08", "57" -> Outcome.FAILURE; // no connection; shut down by an operator, say
            case "53" -> Outcome.OVERLOADED; // too many connections, or no memory
            default -> Outcome.SUCCESS; // its answer to this statement, such as a syntax error
        };
    }

    private void run(PostgresServer victim) throws Exception {
        Map<String, Integer> meanwhile = Callers.call(150, this::whoIsThere, victim::kill);
        System.out.println("Queries while two was killed, all answered: " + meanwhile);
        Map<String, Integer> since = Callers.call(20, this::whoIsThere, () -> {});
        System.out.println("Queries since: " + since);
    }

    /** A query changes nothing, and so may be repeated. */
    private String whoIsThere() throws SQLException, IOException, InterruptedException {
        return balancer.call(Call.any().idempotent(), endpoint -> connections.use(endpoint, Databases::whoIsThere));
    }

    private static String whoIsThere(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(WHO)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
