package io.evenkeel.examples.clients.contract;

/** Somebody who calls the service "orders" by one library. */
public interface Caller extends AutoCloseable {

    /** A way to call it. */
    @FunctionalInterface
    interface Way<A> {

        String call(A argument) throws Exception;
    }

    /** What the answer to a GET of an order says. */
    String order(int id) throws Exception;

    /** Where a new order is, as the answer to a POST of it says. */
    String place(String order) throws Exception;

    @Override
    void close();

    /** One whose calls go these ways, and who in the end closes the client that they go by. */
    static Caller of(Way<Integer> order, Way<String> place, Runnable close) {
        return new Caller() {
            @Override
            public String order(int id) throws Exception {
                return order.call(id);
            }

            @Override
            public String place(String text) throws Exception {
                return place.call(text);
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
