package io.evenkeel.discovery.eureka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All instances that a server knows: of our application with all they say, of others as far as the count needs them. */
final class Registry {

    private final String application;
    private final Map<Key, Instance> instances = new HashMap<>();

    /** Ids are unique within an application only. */
    private record Key(String application, String id) {}

    Registry(String application) {
        this.application = application;
    }

    /** From now on it is this. */
    void replace(Answers.Everything all) {
        instances.clear();
        all.instances().forEach(this::put);
    }

    /** Changes what has changed. Learning of the same change again changes nothing.
     *
     * @return whether this registry now counts what the server counts */
    boolean apply(Answers.Everything delta) {
        for (Instance instance : delta.instances()) {
            if (instance.isDeleted()) {
                instances.remove(key(instance));
            } else {
                put(instance);
            }
        }
        return count().equals(delta.count());
    }

    private void put(Instance instance) {
        boolean ours = instance.application().equals(application);
        instances.put(key(instance), ours ? instance : instance.bare());
    }

    private static Key key(Instance instance) {
        return new Key(instance.application(), instance.id());
    }

    /** How many there are of each status, written as Eureka does: {@code DOWN_1_UP_2_}. */
    String count() {
        Map<String, Integer> byStatus = new TreeMap<>();
        instances.values().forEach(instance -> byStatus.merge(instance.status(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        byStatus.forEach((status, number) ->
                text.append(status).append('_').append(number).append('_'));
        return text.toString();
    }

    /** Those of our application. */
    List<Instance> instances() {
        List<Instance> ours = new ArrayList<>();
        instances.values().forEach(instance -> {
            if (instance.application().equals(application)) {
                ours.add(instance);
            }
        });
        return ours;
    }
}
