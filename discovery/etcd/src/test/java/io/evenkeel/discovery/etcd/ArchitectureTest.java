package io.evenkeel.discovery.etcd;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.evenkeel.discovery.etcd", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule aSourceSeesTheWordsOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenkeel",
                    "io.evenkeel.discovery..",
                    "io.etcd.jetcd..",
                    "io.netty.handler.ssl",
                    "java..",
                    "javax.net.ssl",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule onlyConnectionKnowsTheClient = noClasses()
            .that()
            .haveNameNotMatching(".*\\.Connection([$].*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.etcd..", "io.netty..");
}
