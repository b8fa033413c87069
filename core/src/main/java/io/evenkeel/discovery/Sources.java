package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Sources by URI, and sources made of others.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(Sources.withFallback(
 *                 Sources.of("dns+srv://_http._tcp.orders.example"), Endpoint.of("http://10.0.0.1:8080")))
 *         .build();
 * }
 *
 * <p>All are immutable, start nothing before they are watched, and pass on what {@link EndpointSource.Watch#refresh} asks for.
 */
public final class Sources {

    private static final int MOST_FAILURES = 100;

    private Sources() {}

    /**
     * The source that a URI describes, such as a configuration file holds. Which schemes there are depends on the artifacts of the family {@code
     * io.evenkeel:evenkeel-discovery-*} that are present; each artifact's own class says what its URIs may hold. {@code static:http://a:80,http://b:80} is
     * always there: a list that never changes.
     *
     * @throws IllegalArgumentException if the URI is malformed, or nobody knows its scheme: the message names those that are known
     */
    public static EndpointSource of(String uri) {
        SourceUri parts = new SourceUri(uri);
        if (parts.scheme().equals("static")) {
            return fixed(parts);
        }
        Set<String> known = new TreeSet<>(Set.of("static"));
        for (SourceProvider provider : providers()) {
            if (provider.schemes().contains(parts.scheme())) {
                return provider.source(parts);
            }
            known.addAll(provider.schemes());
        }
        throw parts.wrong("nobody knows its scheme: there are " + known
                + "; others come with the artifacts io.evenkeel:evenkeel-discovery-*");
    }

    private static EndpointSource fixed(SourceUri uri) {
        List<Endpoint> endpoints =
                Arrays.stream(uri.path().split(",", -1)).map(Endpoint::of).toList();
        uri.done();
        return EndpointSource.of(endpoints);
    }

    /** Those that the caller's class loader finds, and those beside this class: in a container they may differ. */
    private static List<SourceProvider> providers() {
        List<SourceProvider> providers = new ArrayList<>();
        addAll(ServiceLoader.load(SourceProvider.class), providers);
        addAll(ServiceLoader.load(SourceProvider.class, Sources.class.getClassLoader()), providers);
        return providers;
    }

    /** One that cannot be made keeps nobody from the others; but a list that cannot be read may fail for ever. */
    private static void addAll(ServiceLoader<SourceProvider> found, List<SourceProvider> providers) {
        Iterator<SourceProvider> each = found.iterator();
        for (int failures = 0; failures < MOST_FAILURES; ) {
            try {
                if (!each.hasNext()) {
                    return;
                }
                providers.add(each.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
            }
        }
    }

    /**
     * All endpoints of several sources, in their order. Publishes once each has published a list or reported trouble, and then whenever one publishes
     * another; the last list of one that is in trouble stays part of it, and its trouble is told as long as it lasts. An endpoint that several name is merged by the balancer.
     */
    public static EndpointSource merge(EndpointSource... sources) {
        return new Combined("merge", List.of(sources), Combined::all);
    }

    /**
     * The list of the first source that has one with entries: the next is used while all before it are in trouble and never had a list, or have an empty one. What
     * those after it say, trouble included, is not passed on.
     */
    public static EndpointSource firstNonEmpty(EndpointSource... sources) {
        return new Combined("firstNonEmpty", List.of(sources), Combined::firstNonEmpty);
    }

    /** The list of {@code source}, or {@code fallback} while that is in trouble and never had a list, or has an empty one. */
    public static EndpointSource withFallback(EndpointSource source, Endpoint... fallback) {
        return firstNonEmpty(source, EndpointSource.of(List.of(fallback)));
    }

    /** Those endpoints of {@code source} that {@code wanted} accepts. A list of which none is left is an empty one, and held as such by a
     * balancer. What the predicate throws is trouble, and the list is not used, until there is another, or the predicate does not throw: it is
     * tried again whenever the source stands by the list. */
    public static EndpointSource filter(EndpointSource source, Predicate<? super Endpoint> wanted) {
        requireNonNull(wanted, "wanted");
        return new Transformed(
                source,
                list -> list.stream()
                        .filter(each -> each == null || wanted.test(each))
                        .toList());
    }

    /** The endpoints of {@code source}, each as {@code change} makes it: with a zone, a tag, another port. What the function throws is trouble, and the
     * list is not used, until there is another, or the function does not throw: it is tried again whenever the source stands by the list. */
    public static EndpointSource map(EndpointSource source, UnaryOperator<Endpoint> change) {
        requireNonNull(change, "change");
        return new Transformed(
                source,
                list -> list.stream()
                        .map(each -> each == null ? null : change.apply(each))
                        .toList());
    }

    /**
     * One watch of {@code source} for all who watch this one. Who comes later begins at once with the last good list, as long as the source stood by it
     * no longer ago than {@code keep}, and is told of its trouble, or that its list is empty now; so does a balancer that is made anew while the registry is down. A source that
     * says nothing stands by its list. The watch of {@code source} is closed with the last.
     *
     * @param keep longer than zero
     */
    public static EndpointSource shared(EndpointSource source, Duration keep) {
        return new SharedSource(source, keep, Defaults::nanoTime);
    }

    /** The same as {@code source}, each change of the list, each trouble and each recovery told to {@code log} in one line that begins with {@code name}. The same list, or
     * trouble, again is no news. */
    public static EndpointSource logged(EndpointSource source, String name, Consumer<String> log) {
        return new Logged(source, name, log);
    }

    /** The same as {@code source}, which is watched only after {@code delay}: for what need not be there as a service starts. */
    public static EndpointSource delayed(EndpointSource source, Duration delay) {
        return new Delayed(source, delay, Defaults::later);
    }
}
