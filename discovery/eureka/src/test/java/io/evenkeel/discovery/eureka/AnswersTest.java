package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    @Test
    void anApplicationIsItsInstancesWhateverTheirStatus() throws Exception {
        List<Instance> instances = Answers.application(Says.ok("{\"application\": %s}"
                .formatted(Says.application(
                        "ORDERS", List.of(Says.instance("a", "UP"), Says.instance("b", "OUT_OF_SERVICE"))))));

        assertThat(instances).extracting(Instance::id).containsExactly("a", "b");
        assertThat(instances).extracting(Instance::application).containsOnly("ORDERS");
        assertThat(instances).extracting(Instance::status).containsExactly("UP", "OUT_OF_SERVICE");
        assertThat(instances.getFirst().fields().get("hostName")).isEqualTo("a");
    }

    @Test
    void everythingIsTheInstancesOfAllApplicationsAndHowManyThereAre() throws Exception {
        Answers.Everything all = Answers.everything(Says.ok(Says.everything(
                "DOWN_1_UP_2_",
                Says.application("ORDERS", List.of(Says.instance("a", "UP"), Says.instance("b", "DOWN"))),
                Says.application("stock", List.of(Says.instance("a", "UP"))))));

        assertThat(all.count()).isEqualTo("DOWN_1_UP_2_");
        assertThat(all.instances())
                .extracting(each -> each.application() + "/" + each.id() + "/" + each.status())
                .containsExactly("ORDERS/a/UP", "ORDERS/b/DOWN", "STOCK/a/UP");
    }

    @Test
    void oneAloneMayStandWithoutItsList() throws Exception {
        String alone = "{\"name\": \"ORDERS\", \"instance\": " + Says.instance("a", "UP") + "}";

        assertThat(Answers.application(Says.ok("{\"application\": " + alone + "}")))
                .extracting(Instance::id)
                .containsExactly("a");
        assertThat(Answers.everything(Says.ok("{\"applications\": {\"application\": " + alone + "}}"))
                        .instances())
                .extracting(Instance::id)
                .containsExactly("a");
    }

    @Test
    void anEmptyRegistryIsNoTrouble() throws Exception {
        assertThat(Answers.everything(Says.ok(Says.everything("")))).isEqualTo(new Answers.Everything(List.of(), ""));
        assertThat(Answers.everything(Says.ok("{\"applications\": {\"apps__hashcode\": \"\"}}"))
                        .instances())
                .isEmpty();
        assertThat(Answers.application(Says.ok("{\"application\": {\"name\": \"ORDERS\", \"instance\": []}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"status": "UP", "hostName": "h", "instanceId": "i"}                                            | i
                    {"status": "UP", "hostName": "h", "instanceId": ""}                                             | h
                    {"status": "UP", "hostName": "h", "dataCenterInfo": {"metadata": {"instance-id": "i-07"}}}      | i-07
                    {"status": "UP", "hostName": "h"}                                                               | h
                    {"status": "UP", "instanceId": 7}                                                               | 7
                    """)
    void anInstanceWithoutIdIsKnownByItsMachineOrItsHost(String instance, String id) throws Exception {
        assertThat(Answers.application(Says.ok("{\"application\": {\"instance\": " + instance + "}}")))
                .extracting(Instance::id)
                .containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                               | gave an answer that is empty
                    <html></html>                                    | gave an answer that is not JSON
                    []                                               | application is null, but must be an object
                    {"applications": {}}                             | application is null, but must be an object
                    {"application": []}                              | application is a list, but must be an object
                    {"application": {"instance": 7}}                 | instance is 7, but must be an object
                    {"application": {"instance": ["a"]}}             | instance is "a", but must be an object
                    {"application": {"instance": {"hostName": "h"}}} | an instance has no status
                    """)
    void whatIsNoApplicationIsRefusedWithTheReason(String body, String reason) {
        assertThatThrownBy(() -> Answers.application(Says.ok(body)))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("gave an answer ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"application": {}}                      | applications is null, but must be an object
                    {"applications": []}                     | applications is a list, but must be an object
                    {"applications": {"application": "a"}}   | application is "a", but must be an object
                    """)
    void whatIsNoRegistryIsRefusedWithTheReason(String body, String reason) {
        assertThatThrownBy(() -> Answers.everything(Says.ok(body)))
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "302, answered with status 302",
        "401, answered with status 401: it does not take our credentials",
        "403, 'answered with status 403: it does not take our credentials, or has just started and waits for its peers'",
        "404, answered with status 404: Eureka is not at this path",
        "500, answered with status 500"
    })
    void anyOtherStatusIsTrouble(int status, String reason) {
        assertThatThrownBy(() -> Answers.everything(Says.status(status, Says.everything(""))))
                .isInstanceOf(UnusableException.class)
                .hasMessage(reason);
    }
}
