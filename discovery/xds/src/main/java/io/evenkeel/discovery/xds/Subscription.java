package io.evenkeel.discovery.xds;

import com.google.protobuf.Message;
import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import java.util.Optional;

/** What a watch wants of one type of resource, and what it has of it. Outlives streams. Used by one thread. */
final class Subscription<M extends Message> {

    private final Type<M> type;
    /** Empty while it is not known what to ask for. */
    private String name;

    private String version = "";
    private String resourceVersion = "";
    private boolean held;
    /** What the listener was told is wrong with it, on this stream; empty if nothing is. */
    private String trouble = "";

    // Of this stream
    private String nonce = "";
    private List<Object> refused = List.of();

    Subscription(Type<M> type, String name) {
        this.type = type;
        this.name = name;
    }

    /** What is found of it in an answer. */
    record Ours<M>(M message, String version) {}

    /** A stream begins, with a server that may be another: a nonce is of one stream, a version is not. */
    void begin() {
        nonce = "";
        refused = List.of();
        trouble = "";
        if (!held) {
            version = "";
        }
    }

    /** Wants another resource from now on; returns the name of the last, if there was one. */
    Optional<String> want(String other) {
        Optional<String> last = Optional.of(name).filter(it -> !it.isEmpty());
        name = other;
        held = false;
        trouble = "";
        return last;
    }

    /** An answer to this subscription has come, and is to be accepted or refused. */
    void hear(Answer answer) {
        nonce = answer.nonce();
    }

    /**
     * The resource that is wanted, in an answer.
     *
     * @throws UnusableException if anything in it cannot be read, or it is there twice
     */
    Optional<Ours<M>> find(Answer answer) throws UnusableException {
        Optional<Ours<M>> ours = Optional.empty();
        for (Answer.Found each : answer.found()) {
            M message = type.unpack(each.resource());
            if (type.naming().apply(message).equals(name)) {
                if (ours.isPresent()) {
                    throw new UnusableException("holds " + name + " twice");
                }
                ours = Optional.of(new Ours<>(message, each.version()));
            }
        }
        return ours;
    }

    /** The answer is good, with or without what is wanted. */
    void accept(Answer answer, Optional<Ours<M>> ours) {
        version = answer.version();
        refused = List.of();
        ours.ifPresent(it -> {
            resourceVersion = it.version();
            held = true;
            trouble = "";
        });
    }

    /** Whether an answer says that there is no such resource, and not only nothing of it. */
    boolean isDenied(Answer answer, Optional<Ours<M>> ours) {
        return ours.isEmpty() && (answer.complete() || answer.removed().contains(name));
    }

    /** There is no such resource. Returns whether that is news. */
    boolean lose() {
        boolean news = held || trouble.isEmpty();
        held = false;
        return news;
    }

    /** The answer is of no use. Returns whether the same was refused just before on this stream. */
    boolean refuse(Answer answer) {
        List<Object> now = answer.found().stream().map(Answer.Found::mark).toList();
        boolean again = now.equals(refused);
        refused = now;
        return again;
    }

    /** There is trouble with it that the listener was told. */
    void troubled(String what) {
        trouble = what;
    }

    Type<M> type() {
        return type;
    }

    String name() {
        return name;
    }

    /** The last version of the whole that was accepted, empty if none was. */
    String version() {
        return version;
    }

    /** The version of the resource that is held. */
    String resourceVersion() {
        return resourceVersion;
    }

    String nonce() {
        return nonce;
    }

    boolean held() {
        return held;
    }

    String trouble() {
        return trouble;
    }
}
