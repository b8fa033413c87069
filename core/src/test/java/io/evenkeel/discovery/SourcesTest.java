package io.evenkeel.discovery;

import static io.evenkeel.discovery.HandSource.endpoints;
import static io.evenkeel.discovery.HandSource.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.Observer;
import io.evenkeel.VirtualTime;
import io.evenkeel.balance.LoadBalancer;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

    private final HandSource one = new HandSource();
    private final HandSource other = new HandSource();
    private final Heard heard = new Heard();

    @Test
    void mergedSourcesPublishOnceEachHasSpokenAndThenEachChange() {
        Watch watch = Sources.merge(one, other).watch(heard);
        one.list("a");
        assertThat(heard.all).isEmpty();
        other.list("b", "c");
        assertThat(heard.all).containsExactly(ids("a", "b", "c"));
        one.list();
        assertThat(heard.last()).isEqualTo(ids("b", "c"));
        watch.refresh();
        watch.close();
        assertThat(List.of(one.refreshed, other.refreshed, one.closed, other.closed))
                .containsOnly(1);
    }

    @Test
    void ofMergedSourcesOneThatIsInTroubleKeepsItsListAndKeepsNobodyWaiting() {
        Sources.merge(one, other).watch(heard);
        one.fail("down");
        assertThat(heard.all).containsExactly("down");
        other.list("b");
        assertThat(heard.all).containsExactly("down", ids("b"), "odd: down");
        one.list("a");
        one.fail("down again");
        assertThat(heard.all).endsWith(ids("a", "b"), "down again");
    }

    @Test
    void aListOfOneOfMergedSourcesDoesNotEndTheTroubleOfAnother() {
        Sources.merge(one, other).watch(heard);
        one.list("a");
        other.list("b");
        one.fail("down");
        other.list("c");
        assertThat(heard.all).endsWith("down", ids("a", "c"), "odd: down");
        one.unchanged();
        assertThat(heard.last()).isEqualTo(ids("a", "c"));
        one.unchanged();
        assertThat(heard.last()).isEqualTo("unchanged");
    }

    @Test
    void theTroubleOfOneOfManyHidesNeitherThatOfAnotherNorWhatIsOdd() {
        HandSource third = new HandSource();
        Sources.merge(one, other, third).watch(heard);
        one.oddList("b is dropped", "a");
        other.fail("down");
        third.fail("down, too");
        assertThat(heard.all).containsExactly("down", ids("a"), "odd: down", "down, too");
        third.unchanged();
        assertThat(heard.last()).isEqualTo("down");
        other.unchanged();
        assertThat(heard.all).endsWith("down, too", "down", ids("a"), "odd: b is dropped");
    }

    @Test
    void ofTwoThatAreInTroubleTheOneThatIsNotInOrderAgainIsNamed() {
        Sources.merge(one, other).watch(heard);
        one.list("a");
        other.list("b");
        other.fail("other is down");
        one.fail("one is down");
        one.unchanged();
        assertThat(heard.all).endsWith("other is down", "one is down", "other is down");
        one.unchanged();
        assertThat(heard.all).hasSize(4);
        other.unchanged();
        assertThat(heard.last()).isEqualTo("unchanged");
    }

    @Test
    void ofTwoThatAreInTroubleTheOneThatStillIsStaysNamed() {
        Sources.merge(one, other).watch(heard);
        one.list("a");
        other.list("b");
        one.fail("one is down");
        other.fail("other is down");
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("a", "b"), "one is down", "other is down");
    }

    @Test
    void theTroubleOfBeforeIsToldAgainAfterAnother() {
        IllegalStateException bad = new IllegalStateException("bad endpoint");
        EndpointSource filtered = Sources.filter(one, endpoint -> {
            throw bad;
        });
        Sources.merge(filtered, other).watch(heard);
        one.list("a");
        other.list("b");
        one.fail("down");
        one.unchanged();
        one.unchanged();
        assertThat(heard.all).containsExactly("bad endpoint", ids("b"), "odd: bad endpoint", "down", "bad endpoint");
    }

    @Test
    void troubleThatAListenerThrewAtIsToldAgain() {
        AtomicBoolean broken = new AtomicBoolean(true);
        IllegalStateException bad = new IllegalStateException("bad endpoint");
        EndpointSource filtered = Sources.filter(one, endpoint -> {
            throw bad;
        });
        Sources.merge(filtered).watch(new Heard() {
            @Override
            public void failed(Exception cause) {
                if (broken.getAndSet(false)) {
                    throw new IllegalStateException("not now");
                }
                heard.failed(cause);
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> one.list("a")).withMessage("not now");
        one.unchanged();
        assertThat(heard.all).containsExactly("bad endpoint");
    }

    @Test
    void alsoBeforeThereIsAListTheTroubleThatIsNotOverIsNamed() {
        HandSource third = new HandSource();
        Sources.merge(one, other, third).watch(heard);
        one.fail("one is down");
        other.fail("other is down");
        other.list("b");
        assertThat(heard.all).containsExactly("one is down", "other is down", "one is down");
    }

    /** Of trouble and its end. */
    private static Observer noting(List<String> events) {
        return new Observer() {
            @Override
            public void sourceFailed(SourceFailed event) {
                events.add(event.cause().getMessage());
            }

            @Override
            public void sourceRecovered(SourceRecovered event) {
                events.add("in order");
            }
        };
    }

    @Test
    void aBalancerOfMergedSourcesHearsOfTroubleAndOfItsEndOnce() {
        List<String> events = new ArrayList<>();
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .source(Sources.merge(one, other))
                .observer(noting(events))
                .build()) {
            one.list("a");
            other.list("b");
            other.fail("down");
            one.list("a", "c");
            one.list("a");
            assertThat(events).containsExactly("down");
            assertThat(orders.stats().sourceError()).contains("java.io.IOException: down");
            other.unchanged();
            assertThat(events).containsExactly("down", "in order");
            assertThat(orders.stats().sourceError()).isEmpty();
        }
    }

    @Test
    void whatSourcesAfterTheFirstWithEntriesSayIsOfNoConcern() {
        Sources.firstNonEmpty(one, other).watch(heard);
        one.list("a");
        other.fail("standby is down");
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("a"), "unchanged");
        one.fail("down");
        other.list("b");
        other.unchanged();
        assertThat(heard.all).containsExactly(ids("a"), "unchanged", "down");
        one.list();
        assertThat(heard.last()).isEqualTo(ids("b"));
    }

    @Test
    void aSourceThatStandsByNoListHasNotUnsaidWhatItSaid() {
        Sources.merge(one, other).watch(heard);
        one.fail("down");
        other.list("b");
        one.unchanged();
        other.list("c");
        assertThat(heard.last()).isEqualTo(ids("c"));
    }

    @Test
    void aMergeStandsByItsListOnlyIfNobodyIsInTrouble() {
        Sources.merge(one, other).watch(heard);
        one.list("a");
        other.list("b");
        one.fail("down");
        other.unchanged();
        assertThat(heard.last()).isEqualTo("down");
        one.unchanged();
        assertThat(heard.last()).isEqualTo("unchanged");
    }

    @Test
    void theFirstSourceThatHasEntriesIsUsed() {
        Sources.firstNonEmpty(one, other).watch(heard);
        other.list("b");
        assertThat(heard.all).isEmpty();
        one.list();
        assertThat(heard.last()).isEqualTo(ids("b"));
        one.list("a");
        assertThat(heard.last()).isEqualTo(ids("a"));
        one.fail("down");
        assertThat(heard.all).containsExactly(ids("b"), ids("a"), "down");
        one.list();
        assertThat(heard.last()).isEqualTo(ids("b"));
    }

    @Test
    void wereAllListsEmptyAnEmptyOneIsPublished() {
        Sources.firstNonEmpty(one, other).watch(heard);
        one.fail("down");
        other.fail("down, too");
        assertThat(heard.all).containsExactly("down", "down, too");
        other.list();
        assertThat(heard.all).endsWith(List.of(), "odd: down");
    }

    @Test
    void aFallbackIsUsedWhileThereIsNoListAndNotBeforeTheSourceHasSpoken() {
        Sources.withFallback(one, endpoints("z").getFirst()).watch(heard);
        assertThat(heard.all).isEmpty();
        one.fail("down");
        assertThat(heard.all).containsExactly(ids("z"), "odd: down");
        one.list("a");
        one.fail("down");
        assertThat(heard.all).containsExactly(ids("z"), "odd: down", ids("a"), "down");
    }

    @Test
    void aSourceThatCannotBeginKeepsNobodyFromTheOthers() {
        EndpointSource broken = listener -> {
            throw new IllegalStateException("no such thing");
        };
        Sources.merge(broken, one).watch(heard).close();
        assertThat(heard.all).containsExactly("no such thing");
        Sources.firstNonEmpty(broken, one).watch(heard);
        one.list("a");
        assertThat(heard.all).endsWith(ids("a"), "odd: no such thing");
        EndpointSource shared = new SharedSource(broken, Duration.ofMinutes(1), new VirtualTime());
        assertThatIllegalStateException().isThrownBy(() -> shared.watch(heard));
        assertThatIllegalStateException().isThrownBy(() -> shared.watch(heard));
    }

    @Test
    void aSourceThatLacksAClassIsTroubleAndNeitherKeepsOthersNorEndsWithoutAWord() {
        EndpointSource broken = listener -> {
            throw new NoClassDefFoundError("com/example/Gone");
        };
        Sources.merge(one, broken).watch(heard).close();
        assertThat(heard.all).containsExactly("watching for endpoints threw");
        assertThat(one.closed).isEqualTo(1);
        new Delayed(broken, Duration.ofSeconds(5), (delay, task) -> {
                    task.run();
                    return CompletableFuture.completedFuture(null);
                })
                .watch(heard);
        assertThat(heard.all).hasSize(2).containsOnly("watching for endpoints threw");
    }

    @Test
    void afterACombinationIsClosedNothingIsPublished() {
        Sources.merge(one, other).watch(heard).close();
        one.list("a");
        other.list("b");
        one.fail("down");
        assertThat(heard.all).isEmpty();
    }

    @Test
    void afterAChangedSourceIsClosedNothingIsPublished() {
        Sources.filter(one, endpoint -> true).watch(heard).close();
        one.list("a");
        one.fail("down");
        assertThat(heard.all).isEmpty();
    }

    @Test
    void whatOneOfACombinationThrowsAsItIsClosedKeepsNoOtherRunning() {
        EndpointSource broken = listener -> () -> {
            throw new IllegalStateException("cannot end");
        };
        Watch watch = Sources.merge(broken, one).watch(heard);
        assertThatIllegalStateException().isThrownBy(watch::close).withMessage("cannot end");
        assertThat(one.closed).isEqualTo(1);
    }

    @Test
    void whatOneOfACombinationThrowsAsItIsToAskAgainKeepsNoOtherFromIt() {
        EndpointSource broken = listener -> new Watch() {
            @Override
            public void refresh() {
                throw new IllegalStateException("cannot ask");
            }

            @Override
            public void close() {}
        };
        Watch watch = Sources.merge(broken, one).watch(heard);
        assertThatIllegalStateException().isThrownBy(watch::refresh).withMessage("cannot ask");
        assertThat(one.refreshed).isEqualTo(1);
    }

    @Test
    void aListenerMayCloseACombinationWhileAnotherOfItsSourcesReports() {
        EndpointSource second = new SharedSource(other, Duration.ofMinutes(1), new VirtualTime());
        CountDownLatch oneReports = new CountDownLatch(1);
        CountDownLatch otherReports = new CountDownLatch(1);
        second.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                await(oneReports);
                otherReports.countDown();
            }
        });
        Watch[] merged = new Watch[1];
        merged[0] = Sources.merge(new SharedSource(one, Duration.ofMinutes(1), new VirtualTime()), second)
                .watch(new Heard() {
                    @Override
                    public void failed(Exception cause) {
                        oneReports.countDown();
                        await(otherReports);
                        merged[0].close();
                    }
                });
        CompletableFuture.allOf(elsewhere(() -> one.fail("down")), elsewhere(() -> other.list("b")))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(one.closed).isEqualTo(1);
    }

    @Test
    void whatASourceSaysBesideAnEmptyListIsHeardOfByABalancer() {
        List<String> events = new ArrayList<>();
        Observer observer = new Observer() {
            @Override
            public void sourceFailed(SourceFailed event) {
                events.add(event.cause().getMessage());
            }
        };
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .source(Sources.merge(one, other))
                .observer(observer)
                .build()) {
            one.list();
            other.fail("down");
            assertThat(events).last().asString().contains("empty list", "down");
            assertThat(orders.stats().sourceError())
                    .hasValueSatisfying(error -> assertThat(error).contains("empty list", "down"));
            one.list();
            assertThat(events).hasSize(1);
        }
    }

    @Test
    void aCombinationGoesOnWhateverItsListenerThrows() {
        Sources.merge(one, other).watch(new Heard() {
            @Override
            public void failed(Exception cause) {
                throw SourcesTest.<RuntimeException>unchecked(new Exception("of another language"));
            }

            @Override
            public void endpoints(List<Endpoint> list) {
                heard.endpoints(list);
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> one.fail("down")).withRootCauseInstanceOf(Exception.class);
        one.list("a");
        other.list("b");
        assertThat(heard.all).containsExactly(ids("a", "b"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(Exception e) throws E {
        throw (E) e;
    }

    @Test
    void aListThatAListenerThrewAtIsToldAgainAsItIsConfirmed() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Sources.merge(one).watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                if (broken.getAndSet(false)) {
                    throw new IllegalStateException("not now");
                }
                heard.endpoints(list);
            }

            @Override
            public void unchanged() {
                heard.unchanged();
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> one.list("a"));
        one.unchanged();
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("a"), "unchanged");
    }

    @Test
    void aListThatAListenerThrewAtIsToldAgainThoughAnotherSourceIsInTrouble() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Sources.firstNonEmpty(one, other).watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list, Exception odd) {
                if (broken.getAndSet(false)) {
                    throw new IllegalStateException("not now");
                }
                heard.endpoints(list, odd);
            }
        });
        other.list("b");
        assertThatIllegalStateException().isThrownBy(() -> one.fail("down"));
        other.unchanged();
        assertThat(heard.all).containsExactly(ids("b"), "odd: down");
    }

    @Test
    void whoComesToASharedSourceWaitsForNoOtherListener() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        shared.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                told.countDown();
                await(goOn);
            }
        });
        CompletableFuture<Void> slow = elsewhere(() -> one.list("a"));
        await(told);
        shared.watch(heard);
        assertThat(heard.all).containsExactly(ids("a"));
        goOn.countDown();
        slow.join();
    }

    private static CompletableFuture<Void> elsewhere(Runnable task) {
        return CompletableFuture.runAsync(
                task, run -> Thread.ofPlatform().daemon().start(run));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoComesAsASharedSourceReportsBeginsWithWhatItSaidLast() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        shared.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                if (heard.all.isEmpty()) {
                    shared.watch(heard);
                }
            }
        });
        one.list("a");
        one.list("b");
        assertThat(heard.all).containsExactly(ids("a"), ids("b"));
    }

    @Test
    void endpointsAreFilteredAndChanged() {
        EndpointSource source = Sources.map(
                Sources.filter(one, endpoint -> !endpoint.uri().getHost().equals("b")),
                endpoint -> endpoint.withTag("from", "one"));
        source.watch(heard);
        source.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                assertThat(list)
                        .allSatisfy(endpoint -> assertThat(endpoint.tags()).containsEntry("from", "one"));
                super.endpoints(list);
            }
        });
        one.list("a", "b", "c");
        one.unchanged();
        one.fail("down");
        assertThat(one.watched).isEqualTo(2);
    }

    @Test
    void whatAFilterThrowsIsTroubleUntilAnotherListCanBeUsed() {
        Sources.filter(one, endpoint -> {
                    if (endpoint.equals(endpoints("bad").getFirst())) {
                        throw new IllegalStateException("bad endpoint");
                    }
                    return true;
                })
                .watch(heard);
        one.list("a");
        one.list("bad");
        one.unchanged();
        one.fail("down");
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("a"), "bad endpoint", "bad endpoint", "down", "bad endpoint");
        one.oddList("c is dropped", "b");
        one.unchanged();
        assertThat(heard.all).endsWith(ids("b"), "odd: c is dropped", "unchanged");
    }

    @Test
    void aListIsUsedOnceTheFunctionThatThrewAtItDoesNotThrowAndTheSourceStandsByIt() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Sources.map(one, endpoint -> {
                    if (broken.get()) {
                        throw new IllegalStateException("not now");
                    }
                    return endpoint;
                })
                .watch(heard);
        one.oddList("c is dropped", "a");
        one.unchanged();
        assertThat(heard.all).containsExactly("not now", "not now");
        broken.set(false);
        one.unchanged();
        assertThat(heard.all).endsWith(ids("a"), "odd: c is dropped");
        one.unchanged();
        assertThat(heard.all).hasSize(5).endsWith("unchanged");
    }

    @Test
    void aChangedListThatAListenerThrewAtIsToldAgainAsItIsConfirmed() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Sources.filter(one, endpoint -> true).watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                if (broken.getAndSet(false)) {
                    throw new IllegalStateException("not now");
                }
                heard.endpoints(list);
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> one.list("a"));
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("a"));
    }

    @Test
    void aListThatAFunctionIsTriedAtAgainComesBeforeTheNext() {
        AtomicBoolean broken = new AtomicBoolean(true);
        CountDownLatch tried = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Endpoint> first = endpoints("a");
        Sources.filter(one, endpoint -> {
                    if (endpoint.equals(first.getFirst())) {
                        if (broken.getAndSet(false)) {
                            throw new IllegalStateException("not now");
                        }
                        tried.countDown();
                        await(goOn);
                    }
                    return true;
                })
                .watch(heard);
        one.list("a");
        CompletableFuture<Void> again = elsewhere(one::unchanged);
        await(tried);
        one.list("b");
        goOn.countDown();
        again.join();
        assertThat(heard.all).containsExactly("not now", ids("a"), ids("b"));
    }

    @Test
    void anErrorOfAFunctionIsTroubleTooAndTheListNotConfirmed() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        Sources.filter(shared, endpoint -> {
                    throw new NoClassDefFoundError("com/example/Gone");
                })
                .watch(heard);
        one.list("a");
        one.unchanged();
        assertThat(heard.all).containsExactly("changing endpoints threw", "changing endpoints threw");
    }

    @Test
    void aBalancerDoesNotTakeAListThatAFunctionThrewAtForConfirmed() {
        List<String> events = new ArrayList<>();
        EndpointSource source = Sources.map(one, endpoint -> {
            throw new IllegalStateException("bad function");
        });
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .source(source)
                .observer(noting(events))
                .build()) {
            one.list("a");
            one.unchanged();
            assertThat(events).containsExactly("bad function");
            assertThat(orders.stats().sourceError())
                    .hasValueSatisfying(error -> assertThat(error).contains("bad function"));
        }
    }

    @Test
    void aSharedSourceIsWatchedOnceAndWhoComesLaterBeginsWithTheLastList() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        Watch first = shared.watch(heard);
        one.list("a");
        Heard later = new Heard();
        Watch second = shared.watch(later);
        assertThat(later.all).containsExactly(ids("a"));
        one.unchanged();
        one.fail("down");
        assertThat(heard.all).containsExactly(ids("a"), "unchanged", "down");
        assertThat(later.all).containsExactly(ids("a"), "unchanged", "down");
        second.refresh();
        first.close();
        assertThat(one.closed).isZero();
        second.close();
        second.close();
        assertThat(List.of(one.watched, one.refreshed, one.closed)).containsOnly(1);
    }

    @Test
    void whoeverCouldNotBeginToWatchASharedSourceHearsNothingOfIt() {
        AtomicBoolean missing = new AtomicBoolean(true);
        EndpointSource broken = listener -> {
            if (missing.getAndSet(false)) {
                throw new NoClassDefFoundError("com/example/Gone");
            }
            return one.watch(listener);
        };
        EndpointSource shared = new SharedSource(broken, Duration.ofMinutes(1), new VirtualTime());
        assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> shared.watch(heard));
        Heard later = new Heard();
        shared.watch(later);
        one.list("a");
        assertThat(later.all).containsExactly(ids("a"));
        assertThat(heard.all).isEmpty();
    }

    @Test
    void aSharedListIsForgottenOnceNobodyHasStoodByItForLong() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        Watch first = shared.watch(heard);
        one.list("a");
        time.advance(Duration.ofSeconds(50));
        one.unchanged();
        first.close();
        time.advance(Duration.ofSeconds(50));
        Heard later = new Heard();
        shared.watch(later).close();
        assertThat(later.all).containsExactly(ids("a"));
        time.advance(Duration.ofSeconds(11));
        Heard last = new Heard();
        shared.watch(last);
        assertThat(last.all).isEmpty();
        assertThat(one.watched).isEqualTo(3);
    }

    @Test
    void aSharedListHoldsWhileTheSourceIsSilentAndAfterItsTrouble() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        shared.watch(heard);
        one.list("a");
        time.advance(Duration.ofMinutes(2));
        Heard later = new Heard();
        shared.watch(later);
        assertThat(later.all).containsExactly(ids("a"));
        one.fail("down");
        time.advance(Duration.ofMinutes(2));
        one.unchanged();
        Heard last = new Heard();
        shared.watch(last);
        assertThat(last.all).containsExactly(ids("a"));
    }

    @Test
    void whoComesWhileASharedSourceIsInTroubleIsToldSo() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        shared.watch(heard);
        one.list("a");
        one.fail("down");
        Heard later = new Heard();
        shared.watch(later);
        assertThat(later.all).containsExactly(ids("a"), "down");
        time.advance(Duration.ofSeconds(61));
        Heard last = new Heard();
        shared.watch(last);
        assertThat(last.all).containsExactly("down");
    }

    @Test
    void whatASharedSourceSaysAfterItsWatchWasClosedIsPassedOver() {
        List<EndpointSource.Listener> watches = new ArrayList<>();
        EndpointSource late = listener -> {
            watches.add(listener);
            return () -> {};
        };
        EndpointSource shared = new SharedSource(late, Duration.ofMinutes(1), new VirtualTime());
        shared.watch(heard).close();
        shared.watch(heard);
        watches.getLast().endpoints(endpoints("new"));
        watches.getFirst().endpoints(endpoints("old"));
        watches.getFirst().failed(new IllegalStateException("closed"));
        assertThat(heard.all).containsExactly(ids("new"));
    }

    @Test
    void whoComesLaterHearsOfAnEmptyListAfterTheLastGoodOneIfThatIsStillKept() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        shared.watch(heard);
        one.list("a");
        one.list();
        Heard later = new Heard();
        shared.watch(later);
        assertThat(heard.all).containsExactly(ids("a"), List.of());
        assertThat(later.all).containsExactly(ids("a"), List.of());
        time.advance(Duration.ofSeconds(50));
        one.unchanged();
        time.advance(Duration.ofSeconds(11));
        Heard last = new Heard();
        shared.watch(last);
        assertThat(last.all).containsExactly(List.of());
    }

    @Test
    void whoComesLaterToASharedSourceWhoseListIsEmptyUsesTheFallbackToo() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        EndpointSource orders = Sources.withFallback(shared, endpoints("z").getFirst());
        orders.watch(heard);
        one.list();
        Heard later = new Heard();
        orders.watch(later);
        one.unchanged();
        assertThat(heard.all).containsExactly(ids("z"), "unchanged");
        assertThat(later.all).isEqualTo(heard.all);
    }

    @Test
    void aMergeWithASharedSourceWhoseListIsEmptyWaitsForNoOther() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        shared.watch(new Heard());
        one.list();
        Sources.merge(shared, other).watch(heard);
        other.list("b");
        assertThat(heard.all).containsExactly(ids("b"));
    }

    @Test
    void aBalancerThatComesLaterToASharedSourceWhoseListIsEmptyHoldsTheLastGoodOneAndSaysWhy() {
        VirtualTime time = new VirtualTime();
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), time);
        shared.watch(heard);
        one.list("a");
        one.list();
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(shared).build()) {
            one.unchanged();
            assertThat(orders.endpoints()).isEqualTo(endpoints("a"));
            assertThat(orders.stats().sourceError())
                    .hasValueSatisfying(error -> assertThat(error).contains("empty list"));
        }
        time.advance(Duration.ofMinutes(2));
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(shared).build()) {
            assertThat(orders.stats().sourceError())
                    .hasValueSatisfying(error -> assertThat(error).contains("empty list"));
        }
    }

    @Test
    void aSharedListIsNotTheOneThatTheSourceGoesOnWorkingWith() {
        List<Endpoint> its = new ArrayList<>(endpoints("a"));
        EndpointSource source = listener -> {
            listener.endpoints(its);
            return () -> {};
        };
        EndpointSource shared = new SharedSource(source, Duration.ofMinutes(1), new VirtualTime());
        shared.watch(new Heard());
        its.clear();
        shared.watch(heard);
        assertThat(heard.all).containsExactly(ids("a"));
    }

    @Test
    void aRefreshWaitsForNoListener() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        Watch first = shared.watch(new Heard());
        shared.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                refreshElsewhere(first);
                heard.endpoints(list);
            }
        });
        one.list("a");
        assertThat(heard.all).containsExactly(ids("a"));
        assertThat(one.refreshed).isEqualTo(1);
    }

    @Test
    void aRefreshWaitsForNoDelayedSourceThatBegins() {
        VirtualTime time = new VirtualTime();
        Watch[] watch = new Watch[1];
        EndpointSource begins = listener -> {
            refreshElsewhere(watch[0]);
            return () -> {};
        };
        EndpointSource delayed = new Delayed(
                begins,
                Duration.ofSeconds(5),
                (delay, task) -> time.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
        watch[0] = delayed.watch(heard);
        time.advance(Duration.ofSeconds(5));
        assertThat(heard.all).isEmpty();
    }

    /** By another thread, as that of another source, whose lock the listener may want. */
    private static void refreshElsewhere(Watch watch) {
        CompletableFuture.runAsync(watch::refresh)
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void oneListenerOfASharedSourceThatThrowsHarmsNoOther() {
        EndpointSource shared = new SharedSource(one, Duration.ofMinutes(1), new VirtualTime());
        shared.watch(new EndpointSource.Listener() {
            @Override
            public void endpoints(List<Endpoint> all) {
                throw new IllegalStateException("bad listener");
            }

            @Override
            public void failed(Exception cause) {
                throw new IllegalStateException("bad listener");
            }
        });
        shared.watch(heard);
        one.list("a");
        one.fail("down");
        assertThat(heard.all).containsExactly(ids("a"), "down");
    }

    @Test
    void whatALoggedSourceSaysIsToldInLines() {
        List<String> lines = new ArrayList<>();
        Sources.logged(one, "orders", lines::add).watch(heard);
        one.list("a", "b");
        one.list("a", "b");
        one.fail("down");
        one.unchanged();
        one.list("a", "c");
        assertThat(lines)
                .containsExactly(
                        "orders: 2 endpoints, added http://a:80, http://b:80",
                        "orders: trouble: java.io.IOException: down",
                        "orders: in order again",
                        "orders: 2 endpoints, added http://c:80, removed http://b:80");
        assertThat(heard.all).hasSize(5);
    }

    @Test
    void whatIsOddAboutALoggedListIsOverWithTheNextOne() {
        List<String> lines = new ArrayList<>();
        Sources.logged(one, "orders", lines::add).watch(heard);
        one.list("a");
        one.oddList("b is dropped", "a");
        one.oddList("b is dropped", "a");
        one.list("a");
        one.list("a");
        assertThat(lines)
                .containsExactly(
                        "orders: 1 endpoints, added http://a:80",
                        "orders: trouble: java.io.IOException: b is dropped",
                        "orders: in order again");
    }

    @Test
    void aLoggedListIsNotInOrderAgainAsLongAsSomethingIsOddAboutIt() {
        List<String> lines = new ArrayList<>();
        Sources.logged(one, "orders", lines::add).watch(heard);
        one.oddList("b is dropped", "a");
        one.fail("down");
        one.fail("down");
        one.unchanged();
        one.unchanged();
        one.list("c");
        assertThat(lines)
                .containsExactly(
                        "orders: 1 endpoints, added http://a:80",
                        "orders: trouble: java.io.IOException: b is dropped",
                        "orders: trouble: java.io.IOException: down",
                        "orders: trouble: java.io.IOException: b is dropped",
                        "orders: 1 endpoints, added http://c:80, removed http://a:80",
                        "orders: in order again");
    }

    @Test
    void ofALoggedListALineTellsAlsoOfWhatChangesAboutAnEndpointAndOfAnEmptyOne() {
        List<String> lines = new ArrayList<>();
        EndpointSource weighted = listener -> {
            listener.endpoints(List.of());
            listener.endpoints(endpoints("a", "b"));
            listener.endpoints(endpoints("b", "a"));
            listener.endpoints(List.of(
                    endpoints("a").getFirst().withWeight(2), endpoints("b").getFirst()));
            return () -> {};
        };
        Sources.logged(weighted, "orders", lines::add).watch(heard);
        assertThat(lines)
                .containsExactly(
                        "orders: 0 endpoints",
                        "orders: 2 endpoints, added http://a:80, http://b:80",
                        "orders: 2 endpoints, changed http://a:80");
    }

    @Test
    void aDelayedSourceIsWatchedLater() {
        VirtualTime time = new VirtualTime();
        EndpointSource delayed = new Delayed(
                one,
                Duration.ofSeconds(5),
                (delay, task) -> time.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
        Watch watch = delayed.watch(heard);
        watch.refresh();
        time.advance(Duration.ofSeconds(4));
        assertThat(one.watched).isZero();
        time.advance(Duration.ofSeconds(1));
        one.list("a");
        watch.refresh();
        watch.close();
        assertThat(heard.all).containsExactly(ids("a"));
        assertThat(List.of(one.watched, one.refreshed, one.closed)).containsOnly(1);
        delayed.watch(heard).close();
        time.advance(Duration.ofSeconds(10));
        assertThat(one.watched).isEqualTo(1);
    }

    @Test
    void ofADelayedSourceThatIsClosedNothingIsLeft() {
        WeakReference<Heard> listener = closedAtOnce();
        for (int i = 0; i < 100 && listener.get() != null; i++) {
            System.gc();
        }
        assertThat(listener.get()).isNull();
    }

    private WeakReference<Heard> closedAtOnce() {
        Heard listener = new Heard();
        Sources.delayed(one, Duration.ofHours(1)).watch(listener).close();
        return new WeakReference<>(listener);
    }

    @Test
    void aDelayedSourceWhoseListenerClosesItAsItBeginsIsClosed() {
        closeAsItBegins(Watch::close);
        assertThat(one.closed).isEqualTo(1);
    }

    @Test
    void aDelayedSourceMayBeClosedByWhomeverItsListenerWaitsFor() {
        closeAsItBegins(
                watch -> elsewhere(watch::close).orTimeout(20, TimeUnit.SECONDS).join());
        assertThat(one.closed).isEqualTo(1);
    }

    private void closeAsItBegins(Consumer<Watch> close) {
        VirtualTime time = new VirtualTime();
        Watch[] watch = new Watch[1];
        EndpointSource begins = listener -> {
            listener.endpoints(endpoints("a"));
            return one.watch(listener);
        };
        watch[0] = new Delayed(
                        begins,
                        Duration.ofSeconds(5),
                        (delay, task) -> time.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS))
                .watch(new Heard() {
                    @Override
                    public void endpoints(List<Endpoint> list) {
                        close.accept(watch[0]);
                    }
                });
        time.advance(Duration.ofSeconds(5));
    }

    @Test
    void aFixedListHasAUri() {
        Sources.of("static:http://a:80,http://b:80").watch(heard);
        assertThat(heard.all).containsExactly(ids("a", "b"));
    }

    @Test
    void aUriThatNobodyKnowsIsRefusedWithThoseThatAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("nowhere://orders"))
                .withMessageContaining("source nowhere://orders: nobody knows its scheme: there are [")
                .withMessageContaining("static")
                .withMessageContaining("evenkeel-discovery-");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("orders"))
                .withMessageContaining("has no scheme");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("http://user:s3cret@registry/list"))
                .withMessageContaining("user-info")
                .withMessageNotContaining("s3cret");
        assertThatIllegalArgumentException().isThrownBy(() -> Sources.merge()).withMessageContaining("no source");
    }

    @Test
    void aProviderThatCannotBeMadeKeepsNobodyFromTheOthers(@TempDir Path folder) throws Exception {
        Path list =
                Files.createDirectories(folder.resolve("META-INF/services")).resolve(SourceProvider.class.getName());
        Files.write(list, List.of("no.such.Provider", Broken.class.getName(), Working.class.getName()));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            Sources.of("working://orders").watch(heard);
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(heard.all).containsExactly(ids("a"));
    }

    /** One whose class lacks what it needs. */
    public static final class Broken extends Working {

        public Broken() {
            throw new NoClassDefFoundError("a library");
        }
    }

    /** Of the scheme {@code working}. */
    public static class Working implements SourceProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("working");
        }

        @Override
        public EndpointSource source(SourceUri uri) {
            return EndpointSource.of(endpoints("a"));
        }
    }

    @Test
    void nullEntriesPassEveryCombinationForTheBalancerToReport() {
        List<String> lines = new ArrayList<>();
        List<List<Endpoint>> lists = new ArrayList<>();
        EndpointSource odd = listener -> {
            listener.endpoints(Arrays.asList(Endpoint.of("http://a"), null));
            return () -> {};
        };
        EndpointSource all = Sources.logged(
                Sources.map(Sources.filter(odd, each -> true), each -> each.withZone("z")), "orders", lines::add);
        all.watch(new Heard() {
            @Override
            public void endpoints(List<Endpoint> list) {
                lists.add(list);
            }
        });
        assertThat(lists).containsExactly(Arrays.asList(Endpoint.of("http://a").withZone("z"), null));
        assertThat(lines).containsExactly("orders: 2 endpoints, added http://a:80");
    }

    @Test
    void whatIsOddAboutAListPassesEveryCombination() {
        List<String> lines = new ArrayList<>();
        EndpointSource shared = new SharedSource(
                Sources.logged(Sources.filter(one, each -> true), "orders", lines::add),
                Duration.ofMinutes(1),
                new VirtualTime());
        shared.watch(heard);
        one.oddList("b is dropped", "a");
        Heard later = new Heard();
        shared.watch(later);
        assertThat(heard.all).containsExactly(ids("a"), "odd: b is dropped");
        assertThat(later.all).isEqualTo(heard.all);
        assertThat(lines)
                .containsExactly(
                        "orders: 1 endpoints, added http://a:80", "orders: trouble: java.io.IOException: b is dropped");
    }

    @Test
    void whatIsOddAboutAListThatIsPartOfACombinationStandsUntilItHasAnother() {
        Sources.merge(one, other).watch(heard);
        one.oddList("b is dropped", "a");
        other.list("c");
        assertThat(heard.all).containsExactly(ids("a", "c"), "odd: b is dropped");
        other.fail("down");
        other.unchanged();
        one.unchanged();
        other.list("d");
        assertThat(heard.all).endsWith("down", "unchanged", "unchanged", ids("a", "d"), "odd: b is dropped");
        one.list("a");
        assertThat(heard.last()).isEqualTo(ids("a", "d"));
    }

    @Test
    void aUriIsTakenApart() {
        SourceUri uri =
                new SourceUri("Dns+Srv://_http._tcp.orders.example/some/path?every=500ms&tls=true&of=a,%20b,&x");
        assertThat(uri.scheme()).isEqualTo("dns+srv");
        assertThat(uri.authority()).isEqualTo("_http._tcp.orders.example");
        assertThat(uri.path()).isEqualTo("/some/path");
        assertThat(uri.duration("every")).contains(Duration.ofMillis(500));
        assertThat(uri.duration("missing")).isEmpty();
        assertThat(uri.flag("tls")).isTrue();
        assertThat(uri.flag("x")).isTrue();
        assertThat(uri.flag("missing")).isFalse();
        assertThat(uri.list("of")).containsExactly("a", "b");
        uri.done();
        SourceUri plus = new SourceUri("etcd://a:2379/my+orders?ca=/etc/my+ca.pem&tag=c++");
        assertThat(plus.path()).isEqualTo("/my+orders");
        assertThat(plus.get("ca")).contains("/etc/my+ca.pem");
        assertThat(plus.get("tag")).contains("c++");
        SourceUri file = new SourceUri("file:/etc/orders.json?every=PT2S");
        assertThat(file.authority()).isEmpty();
        assertThat(file.path()).isEqualTo("/etc/orders.json");
        assertThat(file.duration("every")).contains(Duration.ofSeconds(2));
    }

    @Test
    void serversMayBeIpv6Addresses() {
        SourceUri uri = new SourceUri("zookeeper://[::1]:2181,a:2181,[::2]:2181/x?session=5s");
        assertThat(uri.scheme()).isEqualTo("zookeeper");
        assertThat(uri.authority()).isEqualTo("[::1]:2181,a:2181,[::2]:2181");
        assertThat(uri.path()).isEqualTo("/x");
        assertThat(uri.get("session")).contains("5s");
        assertThat(new SourceUri("zookeeper://[::1]:2181/x").authority()).isEqualTo("[::1]:2181");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SourceUri("zookeeper://[::1]:2181,[::x]:2181/x"))
                .withMessageContaining("is no URI");
    }

    @ParameterizedTest
    @CsvSource({
        "eureka:user:s3cret@host/eureka?app=X, eureka:***@host/eureka?app=***",
        "eureka:user:s3c/ret@host, eureka:***@host",
        "http:/user:s3cret@host//x, http:***@host//x",
        "http://user:s3?cret@host/?a=b, http://***",
        "dns://a?password=s3c@ret, dns://***",
        "user:s3cret@host/x, user:***@host/x",
    })
    void whatComesBeforeAnAtIsNotShown(String uri, String shown) {
        assertThat(new SourceUri(uri).wrong("it is wrong")).hasMessage("source " + shown + ": it is wrong");
    }

    @Test
    void whatIsWrongWithAUriIsNamed() {
        SourceUri twice = new SourceUri("dns://a?x=1&x=2");
        assertThat(twice.get("x")).contains("1");
        assertThatIllegalArgumentException()
                .isThrownBy(twice::done)
                .withMessage("source dns://a?x=***&x=***: it has more than once: [x]");
        SourceUri uri = new SourceUri("dns://a?every=soon&tls=maybe&sever=b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> uri.duration("every"))
                .withMessageContaining("every is soon, but must be a duration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> uri.flag("tls"))
                .withMessageContaining("tls is maybe, but must be true or false");
        assertThatIllegalArgumentException()
                .isThrownBy(uri::done)
                .withMessage(
                        "source dns://a?every=***&tls=***&sever=***: it has unknown parameters, [sever]: there are [every, tls]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SourceUri("https://registry/list?key=s3cret|"))
                .withMessageStartingWith("source https://registry/list?key=*** is no URI: ");
    }
}
