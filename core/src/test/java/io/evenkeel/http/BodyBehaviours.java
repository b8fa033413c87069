package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Bodies of answers, by handlers of every kind. */
final class BodyBehaviours {

    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 1024;
    private static final long MOST_UNDER_WAY = 32 * 1024 * 1024;

    private BodyBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(ofEveryKind(), ofFiles(), ofTheCallersOwn(), streamed())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Behaviour> ofEveryKind() {
        return List.of(
                read("a body is read as bytes", BodyHandlers::ofByteArray),
                read("a body is read as a stream", BodyHandlers::ofInputStream),
                read("a body is read as lines", BodyHandlers::ofLines),
                read("a body is discarded", BodyHandlers::discarding),
                read("a body is replaced", () -> BodyHandlers.replacing("other")),
                read("a body is buffered", () -> BodyHandlers.buffering(BodyHandlers.ofString(), 100)),
                read(
                        "a body is mapped",
                        () -> answer -> BodySubscribers.mapping(BodySubscribers.ofString(UTF_8), String::length)),
                read(
                        "a body is read by a subscriber",
                        () -> BodyHandlers.fromSubscriber(new Reader(), reader -> reader.body.join())),
                read(
                        "a body is read line by line by a subscriber",
                        () -> BodyHandlers.fromLineSubscriber(new Lines(), Lines::text, null)),
                read("a body is read by a subscriber of the caller's own", () ->
                        (BodyHandler<Long>) answer -> new Reader()),
                that(
                                "a body is published",
                                caller -> caller.attempt(() -> {
                                    Reader reader = new Reader();
                                    caller.client()
                                            .send(caller.to("/large").build(), BodyHandlers.ofPublisher())
                                            .body()
                                            .subscribe(reader);
                                    caller.note("read", reader.body.join());
                                }))
                        .everywhereBut(Origin.JETTY_H2C),
                that("a body is consumed", caller -> {
                            StringBuilder all = new StringBuilder();
                            caller.send(
                                    caller.to("/x"),
                                    BodyHandlers.ofByteArrayConsumer(
                                            bytes -> all.append(bytes.map(some -> new String(some, UTF_8))
                                                    .orElse("end"))));
                            caller.note("consumed", all);
                        })
                        .everywhere(),
                read("a large body is read", BodyHandlers::ofString, "/large").everywhereBut(Origin.JETTY_H2C),
                that("a body in its own charset is read as the header says", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            visit.begin(200, 1, "Content-Type: text/plain; charset=ISO-8859-1");
                            visit.write(new byte[] {(byte) 0xe4});
                        }),
                that("a body in a charset that is none is treated alike", caller -> caller.get("/"))
                        .at((visit, cues) -> visit.answer(200, "x", "Content-Type: text/plain; charset=none-such")),
                that("a body longer than the limit is an error", caller -> {
                            caller.send(caller.post("/"), limiting(4));
                            caller.send(caller.post("/"), limiting(5));
                        })
                        .at((visit, cues) -> visit.answer(200, "12345"))
                        .sinceJdk(25));
    }

    private static Behaviour read(String name, Supplier<BodyHandler<?>> handler) {
        return read(name, handler, "/x");
    }

    private static Behaviour read(String name, Supplier<BodyHandler<?>> handler, String path) {
        return that(name, caller -> {
                    caller.send(caller.to(path), handler.get());
                    caller.sendAsync(caller.to(path).build(), handler.get());
                })
                .everywhere();
    }

    /** {@code BodyHandlers.limiting} of JDK 25. */
    @SuppressWarnings("unchecked")
    private static BodyHandler<String> limiting(long most) throws ReflectiveOperationException {
        return (BodyHandler<String>) BodyHandlers.class
                .getMethod("limiting", BodyHandler.class, long.class)
                .invoke(null, BodyHandlers.ofString(), most);
    }

    private static final class Lines implements Flow.Subscriber<String> {

        private final StringBuilder lines = new StringBuilder();

        String text() {
            return lines.toString();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.append(line).append('|');
        }

        @Override
        public void onError(Throwable error) {
            lines.append(error);
        }

        @Override
        public void onComplete() {
            lines.append("end");
        }
    }

    private static List<Behaviour> ofFiles() {
        return List.of(
                that(
                                "a body is written to a file",
                                caller -> inFolder(folder -> {
                                    HttpResponse<Path> answer = caller.client()
                                            .send(caller.to("/x").build(), BodyHandlers.ofFile(folder.resolve("body")));
                                    caller.note("name", answer.body().getFileName());
                                    caller.note("content", Files.readString(answer.body()));
                                }))
                        .everywhere(),
                that(
                                "a body is downloaded under the name that the server gives",
                                caller -> inFolder(folder -> {
                                    HttpResponse<Path> answer =
                                            caller.client().send(caller.to("/x").build(), downloading(folder));
                                    caller.note("name", answer.body().getFileName());
                                    caller.note("content", Files.readString(answer.body()));
                                }))
                        .at((visit, cues) -> visit.answer(
                                200, "content", "Content-Disposition: attachment; filename=\"given.txt\"")),
                that(
                                "a download without a name is an error",
                                caller -> inFolder(folder -> caller.send(caller.post("/x"), downloading(folder))))
                        .at((visit, cues) -> visit.answer(200, "content")));
    }

    private static BodyHandler<Path> downloading(Path folder) {
        return BodyHandlers.ofFileDownload(folder, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @FunctionalInterface
    private interface FolderUse {
        void use(Path folder) throws Exception;
    }

    /** Always of the same name length, and gone afterwards. */
    private static void inFolder(FolderUse use) throws Exception {
        Path folder = Files.createTempDirectory("evenkeel");
        try {
            use.use(folder);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static List<Behaviour> ofTheCallersOwn() {
        return List.of(
                that(
                                "a handler is told status, headers and version, once",
                                caller -> caller.send(caller.to("/status/404"), answer -> {
                                    caller.note(
                                            "told",
                                            answer.statusCode() + " " + answer.version() + " "
                                                    + answer.headers().firstValue("content-length"));
                                    return BodySubscribers.ofString(UTF_8);
                                }))
                        .everywhere(),
                failing("a handler that throws fails the call", answer -> {
                    throw new IllegalStateException("own");
                }),
                failing("a subscriber that throws as it begins fails the call", answer -> new Reader() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        throw new IllegalStateException("own");
                    }
                }),
                failing("a subscriber that throws in the middle fails the call", answer -> new Reader() {
                    @Override
                    public void onNext(List<ByteBuffer> buffers) {
                        throw new IllegalStateException("own");
                    }
                }),
                failing("a subscriber that throws at the end fails the call", answer -> new Reader() {
                    @Override
                    public void onComplete() {
                        throw new IllegalStateException("own");
                    }
                }),
                failing("a subscriber whose body is null fails the call", answer -> new Reader() {
                    @Override
                    public CompletionStage<Long> getBody() {
                        return null;
                    }
                }),
                failing("a subscriber whose body failed fails the call", answer -> new Reader() {
                    @Override
                    public CompletionStage<Long> getBody() {
                        return CompletableFuture.failedFuture(new IllegalStateException("own"));
                    }
                }),
                failing("a subscriber that asks for nothing in a wrong way is told", answer -> new Reader() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(0);
                    }
                }),
                failing(
                        "a mapping that throws fails the call",
                        answer -> BodySubscribers.mapping(BodySubscribers.ofString(UTF_8), text -> {
                            throw new IllegalStateException("own");
                        })),
                that("a subscriber that has enough ends the connection", caller -> {
                            caller.send(caller.to("/"), answer -> new Reader() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    subscription.cancel();
                                    body.complete(-1L);
                                }
                            });
                            caller.cues().await("client gone");
                        })
                        .at(BodyBehaviours::beginAndHang));
    }

    private static Behaviour failing(String name, BodyHandler<Long> handler) {
        return that(name, caller -> {
                    caller.send(caller.to("/"), handler);
                    caller.sendAsync(caller.to("/").build(), handler);
                })
                .at((visit, cues) -> visit.answer(200, "some text"));
    }

    private static void beginAndHang(ScriptedServer.Visit visit, Cues cues) throws IOException {
        visit.begin(200, 1000);
        visit.write("some of it");
        visit.hang();
        cues.give("client gone");
    }

    private static List<Behaviour> streamed() {
        return List.of(
                that("a stream that is closed early ends the connection", caller -> {
                            HttpResponse<InputStream> answer =
                                    caller.client().send(caller.to("/").build(), BodyHandlers.ofInputStream());
                            caller.note("read", new String(answer.body().readNBytes(10), UTF_8));
                            answer.body().close();
                            caller.cues().await("client gone");
                            caller.noteClass(() -> answer.body().read());
                        })
                        .at(BodyBehaviours::beginAndHang),
                that("lines that are closed early end the connection", caller -> {
                            caller.client()
                                    .send(caller.to("/").build(), BodyHandlers.ofLines())
                                    .body()
                                    .close();
                            caller.cues().await("client gone");
                        })
                        .at(BodyBehaviours::beginAndHang),
                that("a stream gives what has come before there is more", caller -> {
                            HttpResponse<InputStream> answer =
                                    caller.client().send(caller.to("/").build(), BodyHandlers.ofInputStream());
                            caller.note("first", new String(answer.body().readNBytes(5), UTF_8));
                            caller.cues().give("first was read");
                            caller.noteAnswer(answer);
                        })
                        .at((visit, cues) -> {
                            visit.begin(200, 10);
                            visit.write("first");
                            cues.await("first was read");
                            visit.write("other");
                        }),
                that("a stream whose connection breaks fails its reader", caller -> {
                            HttpResponse<InputStream> answer =
                                    caller.client().send(caller.post("/").build(), BodyHandlers.ofInputStream());
                            caller.attempt(() -> answer.body().readAllBytes());
                        })
                        .at((visit, cues) -> {
                            visit.begin(200, 100);
                            visit.write("short");
                            visit.close();
                        }),
                that(
                                "64 MiB are received as fast as they are read, and not held",
                                caller -> caller.send(caller.to("/"), answer -> new Reader() {
                                    @Override
                                    public void onNext(List<ByteBuffer> buffers) {
                                        buffers.forEach(buffer ->
                                                caller.cues().count("read").addAndGet(buffer.remaining()));
                                        super.onNext(buffers);
                                    }

                                    @Override
                                    public void onComplete() {
                                        caller.note(
                                                "held",
                                                caller.cues().count("held").get() > MOST_UNDER_WAY);
                                        super.onComplete();
                                    }
                                }))
                        .at((visit, cues) -> {
                            byte[] piece = new byte[PIECE];
                            visit.begin(200, (long) PIECES * PIECE);
                            for (int i = 1; i <= PIECES; i++) {
                                visit.write(piece);
                                long held =
                                        (long) i * PIECE - cues.count("read").get();
                                cues.count("held").accumulateAndGet(held, Math::max);
                            }
                        }));
    }
}
