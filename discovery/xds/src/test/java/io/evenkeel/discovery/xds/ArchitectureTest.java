package io.evenkeel.discovery.xds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.evenkeel.discovery", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule aSourceSeesTheWordsOnly = classes()
            .that()
            .resideInAPackage("io.evenkeel.discovery.xds..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenkeel",
                    "io.evenkeel.discovery..",
                    "io.envoyproxy.envoy..",
                    "com.google.protobuf..",
                    "com.google.rpc..",
                    "io.grpc..",
                    "java..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule whatIsSaidKnowsNoNetwork = noClasses()
            .that()
            .haveNameMatching(".*[.](Conversation|Subscription|Assignment|Weights)")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*[.](Server|AdsStream|Channel|ManagedChannel|ClientCall)");
}
