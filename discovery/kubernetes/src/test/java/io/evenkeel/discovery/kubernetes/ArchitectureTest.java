package io.evenkeel.discovery.kubernetes;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.evenkeel.discovery.kubernetes", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule aSourceSeesTheWordsOnly = classes()
            .that()
            .resideInAPackage("io.evenkeel.discovery.kubernetes")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenkeel", "io.evenkeel.discovery..", "io.fabric8.kubernetes..", "java..", "org.jspecify..");
}
