package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.Guard;
import io.evenkeel.HealthCheck;
import io.evenkeel.Limit;
import io.evenkeel.Outliers;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import java.util.Optional;
import java.util.function.Supplier;

/** What the update pipeline is set to. */
record Settings(
        Policy policy,
        Breaker breaker,
        Outliers outliers,
        Optional<HealthCheck> healthCheck,
        SlowStart slowStart,
        Supplier<Gate> gates,
        Optional<String> zone,
        Subset subset,
        Limit limit,
        Guard guard) {}
