package io.evenkeel.discovery.zookeeper;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.discovery.common.Changes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * One session with ZooKeeper, for one node: reads its children, and watches them. It is over with the first trouble, for whatever was missed meanwhile is had by
 * reading all again.
 *
 * <p>Threads: one at a time, but for {@link #seen}, which the client calls.
 */
final class Session implements AutoCloseable {

    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TO_READ = Duration.ofSeconds(10);
    private static final Duration BURST = Duration.ofMillis(20);
    /** After this long without news the node itself is read: permissions change without an event. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** As a change: of the node itself, or of nobody knows which children. */
    private static final String ALL = "";

    private final String path;
    private final String childrenBegin;
    private final CuratorFramework client;
    private final Changes<String> changes = new Changes<>();
    /** What each child holds; empty while the node does not exist. */
    private Optional<SortedMap<String, byte[]>> children = Optional.empty();

    Session(Ensemble ensemble) {
        path = ensemble.path();
        childrenBegin = path.equals("/") ? path : path + "/";
        client = client(ensemble);
    }

    private static CuratorFramework client(Ensemble ensemble) {
        int timeout = (int) ensemble.sessionTimeout().toMillis();
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(ensemble.servers())
                .sessionTimeoutMs(timeout)
                .connectionTimeoutMs(Math.min(timeout, (int) TO_CONNECT.toMillis()))
                .retryPolicy((retries, elapsed, sleeper) -> false) // it would hide trouble
                .ensembleTracker(false)
                .threadFactory(Defaults.threads());
        ensemble.auth()
                .ifPresent(auth ->
                        builder.authorization(auth.scheme(), auth.credentials().get()));
        return builder.build();
    }

    /** Connects, watches, and reads all children; empty if the node does not exist. */
    Optional<SortedMap<String, byte[]>> begin() throws Exception {
        client.start();
        if (!client.blockUntilConnected((int) TO_CONNECT.toMillis(), MILLISECONDS)) {
            throw new IOException("no server took a connection within " + TO_CONNECT);
        }
        client.getConnectionStateListenable().addListener((same, state) -> {
            if (!state.isConnected()) {
                changes.end(new IOException("the connection was lost"));
            }
        });
        Watcher watcher = this::seen;
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(watcher)
                .forPath(path);
        readAll();
        return children;
    }

    private void seen(WatchedEvent event) {
        String where = event.getPath();
        if (where == null) {
            return; // of the connection, which is listened to above
        }
        if (where.equals(path)) {
            if (event.getType() != EventType.NodeDataChanged) { // it is there now, or gone
                changes.add(ALL);
            }
            return;
        }
        String name = where.substring(childrenBegin.length());
        if (name.indexOf('/') < 0) { // no grandchild
            changes.add(name);
        }
    }

    /** Waits for news, or a few seconds if there is none, and then gives all children as they are; empty if the node does not exist. */
    Optional<SortedMap<String, byte[]>> changed() throws Exception {
        List<String> names = changes.take(QUIET, BURST);
        if (names.isEmpty()) {
            confirm();
        } else if (names.contains(ALL) || children.isEmpty()) {
            readAll();
        } else {
            read(names, children.get());
        }
        return children;
    }

    private void confirm() throws Exception {
        try {
            client.getData().forPath(path);
        } catch (NoNodeException e) {
            children = Optional.empty();
        }
    }

    private void readAll() throws Exception {
        try {
            SortedMap<String, byte[]> all = new TreeMap<>();
            read(client.getChildren().forPath(path), all);
            children = Optional.of(all);
        } catch (NoNodeException e) {
            children = Optional.empty();
        }
    }

    /** Asks for all at once: one after the other, each would wait for an answer on its own. */
    private void read(Collection<String> names, Map<String, byte[]> into) throws Exception {
        Map<String, CompletableFuture<Optional<byte[]>>> answers = new HashMap<>();
        for (String name : names) {
            if (!answers.containsKey(name)) {
                answers.put(name, content(name));
            }
        }
        try {
            CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                    .get(TO_READ.toNanos(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IOException("the children could not be read within " + TO_READ, e);
        }
        answers.forEach((name, answer) ->
                answer.join().ifPresentOrElse(content -> into.put(name, content), () -> into.remove(name)));
    }

    /** What a child holds; empty if it is gone. */
    private CompletableFuture<Optional<byte[]>> content(String name) throws Exception {
        CompletableFuture<Optional<byte[]>> content = new CompletableFuture<>();
        client.getData().inBackground((same, event) -> settle(content, event)).forPath(childrenBegin + name);
        return content;
    }

    private static void settle(CompletableFuture<Optional<byte[]>> content, CuratorEvent event) {
        KeeperException.Code code = KeeperException.Code.get(event.getResultCode());
        switch (code) {
            case OK -> content.complete(Optional.of(event.getData() == null ? new byte[0] : event.getData()));
            case NONODE -> content.complete(Optional.empty());
            default -> content.completeExceptionally(KeeperException.create(code, event.getPath()));
        }
    }

    /** Returns at once: a client that waits for a silent server closes no sooner than it gives up. */
    @Override
    public void close() {
        Defaults.aside(client::close);
    }
}
