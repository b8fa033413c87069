package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:8080");

    private final Told told = new Told("orders");
    private final List<String> heard = new ArrayList<>();

    private final Listener listener = new Listener() {
        @Override
        public void endpoints(List<Endpoint> all) {
            heard.add("list of " + all.size());
        }

        @Override
        public void endpoints(List<Endpoint> all, Exception odd) {
            heard.add("list of " + all.size() + ", but " + odd.getMessage());
        }

        @Override
        public void unchanged() {
            heard.add("unchanged");
        }

        @Override
        public void failed(Exception cause) {
            heard.add(cause.getMessage());
        }
    };

    @Test
    void aListIsToldAgainOnlyIfItIsAnother() {
        list("", A);
        list("", A);
        list("", A, B);

        assertThat(heard).containsExactly("list of 1", "unchanged", "list of 2");
    }

    @Test
    void whatIsOddIsToldWithTheListAndOnce() {
        list("b is odd", A);
        list("b is odd", A);
        list("b is odd", A, B);
        list("c is odd", A, B);
        list("", A, B);

        assertThat(heard)
                .containsExactly(
                        "list of 1, but orders: b is odd",
                        "unchanged",
                        "list of 2, but orders: b is odd",
                        "list of 2, but orders: c is odd",
                        "list of 2");
    }

    @Test
    void troubleIsToldOnceAndAtItsEndThatTheListHolds() {
        list("", A);
        told.trouble(listener, "is gone");
        told.trouble(listener, "is gone");
        list("", A);

        assertThat(heard).containsExactly("list of 1", "orders: is gone", "unchanged");
    }

    @Test
    void aListThatTheListenerRefusedIsToldAgain() {
        Listener refusing = new Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                throw new IllegalStateException("not now");
            }

            @Override
            public void failed(Exception cause) {
                heard.add(cause.getMessage());
            }
        };
        assertThatIllegalStateException().isThrownBy(() -> told.list(refusing, new EndpointList(List.of(A), "")));
        told.troubled();
        list("", A);

        assertThat(heard).containsExactly("list of 1");
    }

    @Test
    void afterTroubleToldByOthersWhatIsOddIsNewsAgain() {
        list("b is odd", A);
        told.troubled();
        list("b is odd", A);
        told.unchanged(listener);
        told.troubled();
        told.unchanged(listener);

        String odd = "list of 1, but orders: b is odd";
        assertThat(heard).containsExactly(odd, odd, "unchanged", odd);
    }

    @Test
    void troubleInBetweenDoesNotHideThatNothingIsOddAnyMore() {
        list("b is odd", A);
        told.trouble(listener, "is gone");
        list("", A);

        assertThat(heard).containsExactly("list of 1, but orders: b is odd", "orders: is gone", "list of 1");
    }

    @Test
    void aDoubtfulListIsToldIfItIsAnotherAndElseConfirmsNothing() {
        list("", A);
        doubtful("of any age", A);
        doubtful("of any age", A);
        list("", A);
        doubtful("of any age", A, B);
        doubtful("of any age", A, B);
        told.troubled();
        doubtful("of any age", A, B);
        list("", A, B);

        assertThat(heard)
                .containsExactly(
                        "list of 1",
                        "orders: of any age",
                        "unchanged",
                        "list of 2, but orders: of any age",
                        "orders: of any age",
                        "list of 2");
    }

    private void doubtful(String remarks, Endpoint... endpoints) {
        told.doubtful(listener, new EndpointList(List.of(endpoints), remarks));
    }

    private void list(String remarks, Endpoint... endpoints) {
        told.list(listener, new EndpointList(List.of(endpoints), remarks));
    }
}
