package io.evenkeel.policy;

class UniformRandomTest extends PolicyContract {

    @Override
    Policy policy() {
        return Policy.random();
    }

    @Override
    int mostLooks() {
        return 0;
    }
}
