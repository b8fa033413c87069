package io.evenkeel.discovery.zookeeper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.evenkeel.discovery.zookeeper", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule aSourceSeesTheWordsOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenkeel",
                    "io.evenkeel.discovery..",
                    "org.apache.curator..",
                    "org.apache.zookeeper..",
                    "java..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule onlySessionKnowsTheClient = noClasses()
            .that()
            .haveNameNotMatching(".*\\.Session([$].*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache..");
}
