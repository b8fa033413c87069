package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Bodies of requests. */
final class UploadBehaviours {

    private static final int PIECE = 64 * 1024;
    private static final long MOST_UNDER_WAY = 32 * 1024 * 1024;

    private UploadBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(ofEveryKind(), ofTheCallersOwn(), onRequest(), large())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Behaviour> ofEveryKind() {
        return List.of(
                sent("a text of another charset is sent", () -> BodyPublishers.ofString("\u00e4", ISO_8859_1))
                        .everywhere(),
                sent("no body is sent as one of no length", BodyPublishers::noBody)
                        .everywhere(),
                sent("a part of an array is sent", () -> BodyPublishers.ofByteArray("012345".getBytes(UTF_8), 2, 3))
                        .everywhere(),
                sent("an empty array is sent", () -> BodyPublishers.ofByteArray(new byte[0]))
                        .everywhere(),
                sent(
                                "many arrays are sent",
                                () -> BodyPublishers.ofByteArrays(
                                        List.of("one".getBytes(UTF_8), new byte[0], "two".getBytes(UTF_8))))
                        .everywhereBut(Origin.JETTY_H2C),
                sent("a stream is sent", () -> BodyPublishers.ofInputStream(() -> stream("of bytes")))
                        .everywhereBut(Origin.JETTY_H2C),
                sent("a megabyte is sent", () -> BodyPublishers.ofByteArray(new byte[1 << 20]))
                        .everywhere(),
                sent(
                                "bodies one after the other are sent",
                                () -> BodyPublishers.concat(
                                        BodyPublishers.ofString("one"),
                                        BodyPublishers.ofInputStream(() -> stream("two"))))
                        .everywhereBut(Origin.JETTY_H2C),
                sent(
                                "a body of unknown length is sent",
                                () -> BodyPublishers.fromPublisher(BodyPublishers.ofString("of a publisher")))
                        .everywhereBut(Origin.JETTY_H2C),
                sent(
                                "a body of known length is sent",
                                () -> BodyPublishers.fromPublisher(BodyPublishers.ofString("of a publisher"), 14))
                        .everywhere(),
                that(
                                "a file is sent",
                                caller -> withFile(file -> caller.send(caller.post("/", BodyPublishers.ofFile(file)))))
                        .everywhere(),
                that("a file that is gone is an error", caller -> {
                            BodyPublisher[] gone = new BodyPublisher[1];
                            withFile(file -> gone[0] = BodyPublishers.ofFile(file));
                            caller.send(caller.post("/", gone[0]));
                        })
                        .whateverArrives(),
                that(
                        "a file that was never there is an error",
                        caller -> caller.attempt(() -> BodyPublishers.ofFile(Path.of("nowhere", "at all")))));
    }

    private static Behaviour sent(String name, Supplier<BodyPublisher> body) {
        return that(name, caller -> caller.send(caller.post("/", body.get())));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @FunctionalInterface
    private interface FileUse {
        void use(Path file) throws Exception;
    }

    private static void withFile(FileUse use) throws Exception {
        Path file = Files.createTempFile("evenkeel", ".txt");
        try {
            Files.writeString(file, "of a file");
            use.use(file);
        } finally {
            Files.delete(file);
        }
    }

    private static List<Behaviour> ofTheCallersOwn() {
        return List.of(
                that("a body is subscribed to once, and asked for by one at a time", caller -> {
                            Publishing body = new Publishing(100, 1000);
                            caller.send(caller.post("/", body));
                            caller.note("subscriptions", body.subscriptions());
                            caller.note("crowded", body.isCrowded());
                            caller.note("published", body.published());
                        })
                        .everywhere(),
                that("a body that repeats is subscribed to as often as it is sent", caller -> {
                    Publishing body = new Publishing(1, 10);
                    caller.send(caller.post("/", body));
                    caller.send(caller.post("/", body));
                    caller.note("subscriptions", body.subscriptions());
                }),
                failing("too short a body is an error", BodyPublishers.fromPublisher(BodyPublishers.ofString("ab"), 3)),
                failing("too long a body is an error", BodyPublishers.fromPublisher(BodyPublishers.ofString("abc"), 2)),
                failing("a body that throws is an error", subscriber -> {
                    throw new IllegalStateException("no body today");
                }),
                failing("a body that fails is an error", subscriber -> {
                    subscriber.onSubscribe(NONE);
                    subscriber.onError(new IOException("no body today"));
                }),
                failing(
                        "a body that fails at the second piece is an error",
                        subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                            private boolean begun;

                            @Override
                            public void request(long n) {
                                if (begun) {
                                    subscriber.onError(new IOException("no more"));
                                } else {
                                    begun = true;
                                    subscriber.onNext(ByteBuffer.wrap(new byte[2]));
                                }
                            }

                            @Override
                            public void cancel() {}
                        })),
                failing("a body whose stream is null is an error", BodyPublishers.ofInputStream(() -> null)),
                failing("a body whose stream cannot be had is an error", BodyPublishers.ofInputStream(() -> {
                    throw new IllegalStateException("no stream today");
                })),
                failing("a body whose stream fails is an error", BodyPublishers.ofInputStream(Breaking::new)),
                that(
                        "a length that is none is refused",
                        caller -> caller.attempt(() -> BodyPublishers.fromPublisher(BodyPublishers.noBody(), 0))));
    }

    private static final Flow.Subscription NONE = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    private static final class Breaking extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the stream broke");
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            return read();
        }
    }

    private static Behaviour failing(String name, Flow.Publisher<ByteBuffer> publisher) {
        return failing(name, BodyPublishers.fromPublisher(publisher));
    }

    /** Whether its head arrives before it fails is chance. */
    private static Behaviour failing(String name, BodyPublisher body) {
        return that(name, caller -> {
                    caller.send(caller.post("/", body));
                    caller.sendAsync(caller.post("/", body));
                })
                .whateverArrives();
    }

    private static List<Behaviour> onRequest() {
        return List.of(
                that(
                                "a body that waits for leave is sent with it",
                                caller -> caller.send(caller.post("/", BodyPublishers.ofString("on request"))
                                        .expectContinue(true)))
                        .everywhereBut(
                                Origin.NGINX_H2), // which gives none by HTTP/2, for which the client of JDK 21 now
                // and then waits for ever
                that("a body that waits for leave is not sent without", caller -> {
                            Publishing body = new Publishing(1, 10);
                            caller.send(caller.post("/", body).expectContinue(true));
                            caller.note("subscriptions", body.subscriptions());
                        })
                        .at((visit, cues) -> {
                            visit.begin(417, 2, "Connection: close");
                            visit.write("no");
                            visit.close();
                        }),
                that("a server that does not know how to give leave gets no body", caller -> {
                            Publishing body = new Publishing(1, 10);
                            caller.send(caller.post("/", body).expectContinue(true));
                            caller.note("subscriptions", body.subscriptions());
                        })
                        .at((visit, cues) -> {
                            visit.begin(200, 2, "Connection: close");
                            visit.write("ok");
                            visit.close();
                        }),
                that(
                                "a server may answer before it has read",
                                caller ->
                                        caller.send(caller.post("/", BodyPublishers.ofByteArray(new byte[5_000_000]))))
                        .at((visit, cues) -> {
                            visit.begin(403, 2);
                            visit.write("no");
                            visit.hang();
                        }),
                that("a server reads the beginning of a body before there is more", caller -> {
                            SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>();
                            CompletableFuture<HttpResponse<String>> answer =
                                    caller.start(caller.post("/", BodyPublishers.fromPublisher(body)));
                            Waiting.until("somebody wants it", body::hasSubscribers);
                            body.submit(ByteBuffer.wrap(new byte[1000]));
                            caller.cues().await("begun");
                            body.submit(ByteBuffer.wrap(new byte[1000]));
                            body.close();
                            caller.noteAnswer(answer.get(20, TimeUnit.SECONDS));
                        })
                        .at((visit, cues) -> {
                            visit.in().mark(100);
                            visit.in().read();
                            visit.in().reset();
                            cues.give("begun");
                            visit.answer(200, "" + visit.bytes().length);
                        }));
    }

    private static List<Behaviour> large() {
        return List.of(that(
                        "64 MiB are sent as fast as the server reads, and not held",
                        caller -> caller.send(caller.post(
                                "/", new Publishing(1024, PIECE, caller.cues().count("published")))))
                .at((visit, cues) -> {
                    byte[] piece = new byte[PIECE];
                    long held = 0;
                    for (long read = 0; read < 1024 * PIECE; ) {
                        read += visit.in().read(piece);
                        held = Math.max(held, cues.count("published").get() - read);
                    }
                    visit.begin(200, 5, "Connection: close");
                    visit.write(held > MOST_UNDER_WAY ? "held " : "moved");
                    visit.close();
                }));
    }
}
