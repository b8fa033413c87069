package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Hedge;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of a service's requests go where, and how: {@code balance(orders, Route.path("/v2/**").toTag("version", "2"))}. Of the routes of a balancer the first that is
 * for a request is taken, and one that no route is for goes to the balancer itself. Immutable: each setting gives a copy, and checks itself.
 *
 * <p><b>Which.</b> A route begins with what it is for, and {@link #and} narrows it. In patterns {@code *} stands for any characters, or none. What is compared of a path is what
 * a server makes of it, so that no way of writing it leads past a route: {@link #path}.
 *
 * <p><b>Where.</b> To the balancer that the route belongs to, unless it says {@link #to} another; to all of its endpoints, or those that have a tag ({@link #toTag}), which are
 * balanced by themselves: their zone, their panic, their choice. Or {@link #split} by weight. Routes of a balancer that a route leads to are not looked at. An
 * https request never goes to an http endpoint, wherever a route leads.
 *
 * <p><b>How.</b> With a timeout, repeats and hedges of its own, with another beginning of the path, with copies to another balancer; each in the place of what the balancer is
 * set to. Breakers, limits and the budget of repeats are the balancer's.
 *
 * <p>Threads: any.
 *
 * @see BalancedHttpClient.Builder#balance
 */
public final class Route {

    private final Match match;
    private final Destinations destinations;
    private final Manner manner;

    private Route(Match match, Destinations destinations, Manner manner) {
        this.match = match;
        this.destinations = destinations;
        this.manner = manner;
    }

    private static Route of(Match match) {
        return new Route(match, Destinations.OWN, Manner.USUAL);
    }

    /** For every request: the last of its balancer's routes. */
    public static Route any() {
        return of(new Match.Any());
    }

    /**
     * For requests with such a path: {@code /v2/items} is that path alone, {@code /v2/**} is {@code /v2} and whatever is below it. {@code *} stands for any characters of a
     * segment, {@code **} for any number of whole segments, none included; a star itself is {@code %2A}. Case counts, and so does a slash at the end: {@code /items} is
     * not {@code /items/}; {@code /items/**} is both.
     *
     * <p>Compared is the path of the request's URI as servers take it, though it is sent as it is written: escapes are resolved ({@code /%76%32/a} is {@code /v2/a}), but
     * an escaped slash, {@code %2F}, is a character of its segment; then parameters are left out ({@code /v2;a=1/b} is {@code /v2/b}), empty segments too ({@code //v2}
     * is {@code /v2}), and dot segments are followed ({@code /v1/../v2} is {@code /v2}). No path is {@code /}. A server that takes such paths otherwise may do with
     * them what it would not do with the path that was compared.
     *
     * @throws IllegalArgumentException unless it begins with a slash and is such a pattern: without query, braces, parameters, empty or dot segments
     */
    public static Route path(String glob) {
        return of(new Match.Path(Glob.path(glob)));
    }

    /** For requests of one of these methods, such as {@code GET}. Case counts.
     *
     * @throws IllegalArgumentException if none is given, one is no token, or one of the usual ones is not in upper case */
    public static Route method(String... methods) {
        return of(new Match.Method(List.of(methods)));
    }

    /**
     * For requests that have a header of this name, in any case, and a value of such a pattern: {@code *} is any. Of several values one will do; a list in one value is not
     * taken apart. Case of the value counts. Only headers of the request itself are seen, not those that the transport adds; cookies of
     * a {@code CookieHandler} are.
     *
     * @throws IllegalArgumentException if the name is no token
     */
    public static Route header(String name, String value) {
        return of(new Match.Header(name, Wildcard.of(value)));
    }

    /**
     * For requests whose query has a parameter of this name, and a value of such a pattern: {@code *} is any, and none. Of several of the name one will do. Name and value
     * are compared with their escapes resolved, as those of forms are: {@code +} is a space. Case counts.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public static Route query(String name, String value) {
        return of(new Match.Query(name, Wildcard.of(value)));
    }

    /**
     * For requests whose URI has such a host, in any case: {@code v2.orders.example}, or with {@code *} for any characters of a label and {@code **} for any number of
     * labels, {@code *.orders.example}. With a port, {@code orders:8081}, only those of that port, be it written or the scheme's own.
     *
     * <p>Such a host selects the route's balancer, as the balancer's name does, which comes first: so one balancer can serve several hosts. A request that it selects, and no route is
     * for, goes to the balancer itself. Of hosts of two balancers that overlap the first that is given selects. A {@code Host} header that a request brings is matched by {@link #header}.
     *
     * @throws IllegalArgumentException if it is no host, or nothing but stars
     */
    public static Route host(String host) {
        return of(Match.Host.of(host));
    }

    /** For requests that the predicate is true of. It is asked on the thread of the caller, as each request begins that no earlier route is for, and must be quick, and fit for
     * any threads. What it throws is the caller's to see. */
    public static Route when(Predicate<HttpRequest> predicate) {
        return of(new Match.When(requireNonNull(predicate, "predicate")));
    }

    /** A copy that is for those of its requests only which the other is for, too.
     *
     * @throws IllegalArgumentException if the other says where requests go, or how: only the first of them may */
    public Route and(Route other) {
        if (!other.destinations.equals(Destinations.OWN) || !other.manner.equals(Manner.USUAL)) {
            throw new IllegalArgumentException("and(...) takes what requests are like, but the route given (" + other
                    + ") also says where they go, or how: say that after and(...)");
        }
        return new Route(match.and(other.match), destinations, manner);
    }

    /** A copy that leads to another balancer. Whoever made it closes it. */
    public Route to(LoadBalancer balancer) {
        return leading(destinations.to(requireNonNull(balancer, "balancer")));
    }

    /** A copy that leads only to endpoints that have the tag, with this value, besides the tags asked for before. While there are none a call fails with a
     * {@link io.evenkeel.NoEndpointException} that names the tags, unless {@link #orElseAll}. */
    public Route toTag(String name, String value) {
        return leading(destinations.toTag(requireNonNull(name, "name"), requireNonNull(value, "value")));
    }

    /** A copy whose calls go to all endpoints while none in service has the tags asked for. That those which have them are ill is no reason: then they are balanced as those of any
     * balancer that is ill. */
    public Route orElseAll() {
        return leading(destinations.orElseAll());
    }

    /**
     * A copy that leads a share of its calls to a balancer, where {@link #to} would lead all: the shares of a route are in proportion to their weights. A call with a key ({@link
     * io.evenkeel.Call#withKey}) has its place by the key: the same for all calls of the key, on every client with the same weights; as one of two weights grows no key moves
     * away from it. Keys that are in a small share of one route are not, for that, in one of another ({@link #when} is told from another by its place among the routes). Other calls are drawn at random.
     *
     * @param weight 0 to 1,000,000; at least two shares are needed, one of them above 0
     * @throws IllegalArgumentException if it is out of range
     */
    public Route split(double weight, LoadBalancer balancer) {
        return leading(destinations.withShare(weight, Optional.of(balancer), Map.of()));
    }

    /** The same for those endpoints that have a tag, with this value: {@code Route.any().split(95, "version", "1").split(5, "version", "2")}. What {@link #to} and {@link #toTag} say holds for
     * each such share. */
    public Route split(double weight, String tag, String value) {
        return leading(destinations.withShare(weight, Optional.empty(), Map.of(tag, value)));
    }

    /** A copy whose requests may take so long, to the headers of the answer and over all attempts and waits, if they bring no timeout of their own.
     *
     * @throws IllegalArgumentException unless longer than zero */
    public Route withTimeout(Duration timeout) {
        return travelling(manner.withTimeout(timeout));
    }

    /** A copy whose requests are attempted so often, and so. */
    public Route withRetry(Retry retry) {
        return travelling(manner.withRetry(requireNonNull(retry, "retry")));
    }

    /** A copy whose requests are hedged so, or not: {@link Hedge#off()}. A percentile is one of the attempts of the route itself. */
    public Route withHedge(Hedge hedge) {
        return travelling(manner.withHedge(requireNonNull(hedge, "hedge")));
    }

    /**
     * A copy that puts {@code to} in the place of {@code from} where a request's path begins with that, in whole segments compared as {@link #path} does: with {@code
     * ("/v2", "/")} a replica sees {@code /v2/items} as {@code /items}. What follows is sent as it is written, but without dot segments and empty ones. Other paths are sent
     * as they are. The answer's request and URI are the caller's own.
     *
     * @param from {@code /} to put {@code to} before every path
     * @param to as it is to be sent; {@code /} to leave {@code from} out
     * @throws IllegalArgumentException if one of them is no path, or {@code from} has a star
     */
    public Route rewritePrefix(String from, String to) {
        return travelling(manner.withRewrite(Rewrite.of(from, to)));
    }

    /**
     * A copy that sends a share of its requests to another balancer as well, to try it under real load. What comes of that neither delays nor changes the answer: nobody sees
     * it, and its body is thrown away. Copied are requests whose body can be sent twice ({@link BalancedHttpClient}), drawn at random; at most 64 copies are under
     * way, and what is beyond is not copied. A copy is sent once, without repeats or hedges, with the path rewritten, to any endpoint of the balancer; it has the time
     * that the request has, or 10 s if that has no end.
     *
     * @param share more than 0, at most 1
     * @throws IllegalArgumentException if it is out of range
     */
    public Route mirror(LoadBalancer balancer, double share) {
        return travelling(manner.withMirror(new Mirror(requireNonNull(balancer, "balancer"), share, Optional.empty())));
    }

    /** The same, with a header that only the copies have.
     *
     * @throws IllegalArgumentException if the share is out of range, or it is no header that may be set */
    public Route mirror(LoadBalancer balancer, double share, String header, String value) {
        return travelling(manner.withMirror(
                new Mirror(requireNonNull(balancer, "balancer"), share, Optional.of(new Mirror.Mark(header, value)))));
    }

    private Route leading(Destinations some) {
        return new Route(match, some, manner);
    }

    private Route travelling(Manner some) {
        return new Route(match, destinations, some);
    }

    Match match() {
        return match;
    }

    Destinations destinations() {
        return destinations;
    }

    Manner manner() {
        return manner;
    }

    /** Which, where and how, without values of headers and of the query. */
    @Override
    public String toString() {
        return match + " " + destinations + manner;
    }
}
