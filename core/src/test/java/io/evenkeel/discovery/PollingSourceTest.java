package io.evenkeel.discovery;

import static io.evenkeel.discovery.HandSource.endpoints;
import static io.evenkeel.discovery.HandSource.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Listener;
import io.evenkeel.discovery.PollingSource.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PollingSourceTest {

    private static final PollingSource.Pace PACE =
            new PollingSource.Pace(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(1));

    private Heard heard = new Heard();
    private final Waits waits = new Waits();
    private PollingSource.Pace pace = PACE;
    private Runnable closing = () -> {};
    private int made;
    private int ended;

    /** Time that passes as it is waited for; the watch is closed in the wait after the last answer. */
    private static final class Waits implements Pauses {

        final List<Long> least = new ArrayList<>();
        final List<Long> most = new ArrayList<>();
        Runnable meanwhile = () -> {};
        long now;

        @Override
        public void await(long leastNanos, long mostNanos) {
            least.add(TimeUnit.NANOSECONDS.toMillis(leastNanos));
            most.add(TimeUnit.NANOSECONDS.toMillis(mostNanos));
            now += mostNanos;
            meanwhile.run();
        }

        @Override
        public void wake() {
            throw new AssertionError("nobody wakes");
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }

    /** What a question meets. */
    @FunctionalInterface
    private interface Answer {
        Duration to(Listener listener) throws Exception;
    }

    /** Asks once for each answer, with chance that always draws {@code chance}. */
    private void ask(double chance, Answer... answers) {
        List<Answer> left = new ArrayList<>(List.of(answers));
        PollingWatch[] watch = new PollingWatch[1];
        Poll poll = new Poll() {
            @Override
            public Duration ask(Listener listener) throws Exception {
                return left.removeFirst().to(listener);
            }

            @Override
            public void close() {
                ended++;
            }
        };
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("not asked for");
            }

            @Override
            public double nextDouble() {
                return chance;
            }
        };
        watch[0] = new PollingWatch(
                () -> {
                    made++;
                    return poll;
                },
                heard,
                pace,
                waits,
                random);
        closing = watch[0]::close;
        waits.meanwhile = () -> {
            if (left.isEmpty()) {
                closing.run();
            }
        };
        watch[0].run();
    }

    private static Duration fail(String message) throws IOException {
        throw new IOException(message);
    }

    private static Answer list(Duration wait, String... hosts) {
        return listener -> {
            listener.endpoints(endpoints(hosts));
            return wait;
        };
    }

    @Test
    void eachAnswerIsPublishedAndTheNextQuestionWaitsAsLongAsItSays() {
        Duration five = Duration.ofSeconds(5);
        ask(0, list(five, "a"), list(five.multipliedBy(2), "a", "b"), list(five, "b"));
        assertThat(heard.all).containsExactly(ids("a"), ids("a", "b"), ids("b"));
        assertThat(waits.most).containsExactly(5_000L, 10_000L, 5_000L);
        assertThat(made).isEqualTo(1);
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void whatIsOddAboutAnAnswerIsPublishedWithIt() {
        ask(0, listener -> {
            listener.endpoints(endpoints("a"), new IOException("b is dropped"));
            return Duration.ofSeconds(5);
        });
        assertThat(heard.all).containsExactly(ids("a"), "odd: b is dropped");
    }

    @Test
    void aWaitIsShortenedByUpToATenthSoThatNotAllAskAtOnce() {
        ask(0.5, list(Duration.ofSeconds(10), "a"), list(Duration.ofSeconds(20), "a"));
        assertThat(waits.most).containsExactly(9_500L, 19_000L);
    }

    @Test
    void whoeverDoubtsTheListMakesItAskSoonerButNotWithinASecond() {
        ask(
                0,
                list(Duration.ofSeconds(10), "a"),
                listener -> {
                    waits.now += TimeUnit.MILLISECONDS.toNanos(300); // the question took so long
                    return Duration.ofSeconds(10);
                },
                list(Duration.ofMillis(200), "a"));
        assertThat(waits.least).containsExactly(1_000L, 700L, 200L);
    }

    @Test
    void troubleIsReportedAndWaitsDoubleUpToThirtySecondsHalfOfThemByChance() {
        Answer down = listener -> fail("down");
        ask(0, down, down, down, down, down, down, down, down, list(Duration.ofSeconds(1), "a"));
        assertThat(waits.most).containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 15_000L, 15_000L, 1_000L);
        assertThat(heard.all).hasSize(9).startsWith("down").endsWith(ids("a"));
        assertThat(made).isEqualTo(1);
    }

    @Test
    void withTheMostChanceAWaitAfterTroubleIsAsLongAsItMayBe() {
        Answer down = listener -> fail("down");
        ask(1, down, down, list(Duration.ZERO, "a"));
        assertThat(waits.most).containsExactly(500L, 1_000L, 0L);
        assertThat(waits.least).containsExactly(500L, 1_000L, 0L);
    }

    @Test
    void waitsThatMayNotBeLongNeverBecomeNone() {
        pace = new PollingSource.Pace(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1));
        Answer[] answers = new Answer[41];
        Arrays.fill(answers, (Answer) listener -> fail("down"));
        answers[40] = list(Duration.ofSeconds(1), "a");
        ask(0, answers);
        assertThat(waits.most.subList(0, 5)).containsExactly(50L, 100L, 200L, 400L, 500L);
        assertThat(waits.most.subList(5, 40)).containsOnly(500L);
    }

    @Test
    void aGoodAnswerEndsTheDoubling() {
        Answer down = listener -> fail("down");
        ask(0, down, down, list(Duration.ofSeconds(1), "a"), down, list(Duration.ofSeconds(1), "a"));
        assertThat(waits.most).containsExactly(250L, 500L, 1_000L, 250L, 1_000L);
    }

    @Test
    void aStreamThatWasOfUseForLongEndsTheDoublingAlsoIfItBreaksOff() {
        Answer down = listener -> fail("down");
        Answer stream = listener -> {
            listener.endpoints(endpoints("a"));
            waits.now += TimeUnit.SECONDS.toNanos(30);
            return fail("broke off");
        };
        Answer silent = listener -> {
            waits.now += TimeUnit.SECONDS.toNanos(30);
            return fail("no answer");
        };
        ask(0, down, down, stream, silent, stream, list(Duration.ofSeconds(1), "a"));
        assertThat(waits.most).containsExactly(250L, 500L, 250L, 500L, 250L, 1_000L);
    }

    @Test
    void aListWhoseWatchBreaksAtOnceEachTimeIsAskedForLessAndLess() {
        Answer list = list(Duration.ZERO, "a");
        Answer broken = listener -> fail("broke off");
        ask(0, list, broken, list, broken, list, broken, list, broken, list, broken, list, broken, list, broken);
        assertThat(waits.most.stream().filter(wait -> wait > 0))
                .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 15_000L);
    }

    @Test
    void aWatchThatWasWellForLongAfterItsListEndsTheDoublingAlsoIfItBreaksOff() {
        Answer list = list(Duration.ZERO, "a");
        Answer broken = listener -> {
            waits.now += TimeUnit.SECONDS.toNanos(29);
            return fail("broke off");
        };
        Answer quiet = listener -> {
            waits.now += TimeUnit.SECONDS.toNanos(1);
            return Duration.ZERO;
        };
        ask(0, list, broken, list, broken, list, quiet, broken, list, broken);
        assertThat(waits.most.stream().filter(wait -> wait > 0)).containsExactly(250L, 500L, 250L, 500L);
    }

    @Test
    void whoClosesAWatchWhoseQuestionSwallowsTheInterruptDoesNotHaveItWait() {
        ask(0, listener -> {
            closing.run();
            return Duration.ofSeconds(5);
        });
        ask(0, listener -> {
            closing.run();
            return fail("interrupted");
        });
        assertThat(waits.most).isEmpty();
        assertThat(ended).isEqualTo(2);
    }

    @Test
    void anErrorDoesNotEndTheWatchWithoutAWord() {
        ask(
                0,
                listener -> {
                    throw new NoClassDefFoundError("com/example/Gone");
                },
                list(Duration.ofSeconds(1), "a"));
        assertThat(heard.all).containsExactly("asking for endpoints threw", ids("a"));
    }

    @Test
    void whatTheListenerThrowsIsTroubleAndTheWatchGoesOn() {
        ask(
                0,
                listener -> {
                    listener.endpoints(null);
                    return Duration.ZERO;
                },
                list(Duration.ofSeconds(1), "a"));
        assertThat(heard.all).hasSize(2).endsWith(ids("a"));
    }

    @Test
    void anErrorOfTheListenerDoesNotEndTheWatch() {
        heard = new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                super.endpoints(list);
                if (all.size() == 1) {
                    throw new NoClassDefFoundError("com/example/Gone");
                }
            }

            @Override
            public void failed(Exception cause) {
                super.failed(cause);
                throw new NoClassDefFoundError("com/example/Gone");
            }
        };
        ask(0, list(Duration.ofSeconds(1), "a"), list(Duration.ofSeconds(1), "b"));
        assertThat(heard.all).containsExactly(ids("a"), "asking for endpoints threw", ids("b"));
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void afterItIsClosedNothingIsPublished() {
        ask(0, list(Duration.ofSeconds(1), "a"));
        Poll late = listener -> {
            listener.endpoints(endpoints("b"));
            listener.unchanged();
            listener.endpoints(endpoints("b"), new IOException("odd"));
            listener.failed(new IOException("c"));
            return Duration.ZERO;
        };
        PollingWatch watch = new PollingWatch(() -> late, heard, PACE, waits, Defaults.random());
        watch.close();
        watch.run();
        assertThat(heard.all).containsExactly(ids("a"));
    }

    @Test
    void anInterruptThatIsNoCloseDoesNotEndIt() {
        ask(
                0,
                listener -> {
                    throw new InterruptedException();
                },
                list(Duration.ofSeconds(1), "a"));
        assertThat(heard.all).containsExactly(ids("a"));
    }

    @Test
    void pacesOutOfRangeAreRefused() {
        PollingSource source = PollingSource.of("orders", () -> listener -> Duration.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withRefreshEvery(Duration.ZERO))
                .withMessage("refreshEvery is PT0S, but must be PT0.001S to PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("most is PT1S, but must not be shorter than first, PT2S");
        assertThat(source).hasToString("orders");
    }
}
