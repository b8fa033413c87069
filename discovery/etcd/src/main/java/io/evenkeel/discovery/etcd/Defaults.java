package io.evenkeel.discovery.etcd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What this package makes for itself when nothing is handed to it: chance. */
final class Defaults {

    private Defaults() {}

    static <T> List<T> shuffled(List<T> list) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled);
        return shuffled;
    }
}
