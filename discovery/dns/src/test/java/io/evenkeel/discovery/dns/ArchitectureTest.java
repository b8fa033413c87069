package io.evenkeel.discovery.dns;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;

@AnalyzeClasses(packages = "io.evenkeel.discovery.dns", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule aSourceSeesTheWordsOnly = classes()
            .that()
            .resideInAPackage("io.evenkeel.discovery.dns")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.evenkeel", "io.evenkeel.discovery..", "org.xbill.DNS", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule onlyWireHasSockets = noClasses()
            .that()
            .doNotHaveSimpleName("Wire")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(Datagram|Server)?Socket");

    @ArchTest
    static final ArchRule nobodyLooksNamesUpByTheJdk =
            noClasses().should().callMethod(InetAddress.class, "getByName", String.class);
}
