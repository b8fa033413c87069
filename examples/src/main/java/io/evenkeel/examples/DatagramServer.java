package io.evenkeel.examples;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A replica that speaks UDP: it answers each datagram with one that says the same, and its name. */
final class DatagramServer implements AutoCloseable {

    private final String name;
    private final DatagramSocket socket =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private volatile boolean silent;

    DatagramServer(String name) throws IOException {
        this.name = name;
    }

    DatagramServer start() {
        Thread.ofVirtual().start(this::answer);
        return this;
    }

    String address() {
        return "udp://127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on it hears, and says nothing: nobody is told that it does not answer. */
    void fallSilent() {
        silent = true;
    }

    private void answer() {
        byte[] space = new byte[Datagrams.LONGEST];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(space, space.length);
                socket.receive(packet);
                if (!silent) {
                    String question = new String(space, 0, packet.getLength(), StandardCharsets.UTF_8);
                    packet.setData((question + " from " + name).getBytes(StandardCharsets.UTF_8));
                    socket.send(packet);
                }
            }
        } catch (IOException closed) {
            // The end
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
