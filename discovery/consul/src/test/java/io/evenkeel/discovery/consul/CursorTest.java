package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CursorTest {

    private final Cursor cursor = new Cursor();

    @Test
    void theFirstQuestionIsFromTheStart() {
        assertThat(cursor.begin()).isZero();
    }

    @Test
    void eachAnswerSaysWhereToGoOn() {
        assertThat(answered(7)).isFalse();
        assertThat(cursor.begin()).isEqualTo(7);
        assertThat(answered(7)).isFalse();
        assertThat(cursor.begin()).isEqualTo(7);
        assertThat(answered(9)).isFalse();
        assertThat(cursor.begin()).isEqualTo(9);
    }

    @Test
    void afterAQuestionWithoutAUsefulAnswerAllIsAskedForAgain() {
        answered(7);
        assertThat(cursor.begin()).isEqualTo(7);

        assertThat(cursor.begin()).isZero();
    }

    @Test
    void anIndexThatIsLowerIsNoticedOnceAlsoAfterTrouble() {
        answered(7);
        cursor.begin(); // comes to nothing
        cursor.begin();
        assertThat(cursor.hasGoneBackTo(3)).isTrue();
        assertThat(cursor.begin()).isZero();
        assertThat(cursor.hasGoneBackTo(3)).isFalse();
    }

    @Test
    void zeroIsNeverSentForItDoesNotBlock() {
        assertThat(answered(0)).isFalse();
        assertThat(cursor.begin()).isEqualTo(1);
    }

    private boolean answered(long index) {
        boolean back = cursor.hasGoneBackTo(index);
        cursor.goOn();
        return back;
    }
}
