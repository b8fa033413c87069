package io.evenkeel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The arrows between packages, and who may touch which library. */
@AnalyzeClasses(packages = "io.evenkeel", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final int MOST_PUBLIC_TYPES = 45;

    /** http -> balance -> {policy, resilience} -> io.evenkeel; what proves that nothing was sent, or waits for one thing after another, is for http, too. */
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.evenkeel..")
            .layer("words")
            .definedBy("io.evenkeel")
            .layer("policy")
            .definedBy("io.evenkeel.policy..")
            .layer("resilience")
            .definedBy("io.evenkeel.resilience..")
            .layer("balance")
            .definedBy("io.evenkeel.balance..")
            .layer("http")
            .definedBy("io.evenkeel.http..")
            .layer("discovery")
            .definedBy("io.evenkeel.discovery..")
            .whereLayer("discovery")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("http")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("balance")
            .mayOnlyBeAccessedByLayers("http")
            .whereLayer("policy")
            .mayOnlyBeAccessedByLayers("balance")
            .whereLayer("resilience")
            .mayOnlyBeAccessedByLayers("balance", "http")
            .whereLayer("words")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.evenkeel.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheGateKnowsResilience4j =
            onlyMayUse("io.github.resilience4j..", "balance[.]BreakerGate");

    @ArchTest
    static final ArchRule onlyWhatRemembersKnowsCaffeine = onlyMayUse(
            "com.github.benmanes.caffeine..",
            "(balance[.]DepartedReplicas|discovery[.]SharedSource|http[.](Transports|StickTable))");

    @ArchTest
    static final ArchRule onlyHttpKnowsTheJdksClient = noClasses()
            .that()
            .resideOutsideOfPackage("io.evenkeel.http..")
            .and()
            .haveNameNotMatching(".*\\.balance\\.(HttpProbe|Checking|Updates|LoadBalancer(\\$.*)?|Defaults(\\$.*)?)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..");

    @ArchTest
    static final ArchRule onlyBalanceAndWhatMakesTransportsLog = noClasses()
            .that()
            .resideOutsideOfPackage("io.evenkeel.balance..")
            .and()
            .haveNameNotMatching(".*\\.http\\.(Reloading|Transports)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");

    @ArchTest
    static final ArchRule nobodyLogsByOtherMeans = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule nobodyPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule theWordsNeedTheJdkOnly = classes()
            .that()
            .resideInAPackage("io.evenkeel")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.evenkeel",
                    "java.lang..",
                    "java.util..",
                    "java.io",
                    "java.net",
                    "java.nio.channels",
                    "java.time",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule choosingKnowsNoThreadAndNoClock = noClasses()
            .that()
            .resideInAnyPackage("io.evenkeel.policy..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(Thread.class.getName())
            .orShould()
            .dependOnClassesThat(resideInAnyPackage("java.time..", "java.util.concurrent", "java.util.concurrent.locks")
                    .and(not(equivalentTo(Duration.class)))); // a setting's, which is no clock

    @ArchTest
    static final ArchRule aNameSaysWhatAThingIs =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl)([$].*)?");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        Set<String> unmarked = new TreeSet<>();
        for (String name : packages(all)) {
            JavaClass info = all.stream()
                    .filter(type -> type.getName().equals(name + ".package-info"))
                    .findAny()
                    .orElse(null);
            if (info == null || !info.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(name);
            }
        }
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    @ArchTest
    static void publicTypesStayFew(JavaClasses all) throws Exception {
        Set<String> exported = descriptor().exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        List<String> types = all.stream()
                .filter(type -> exported.contains(type.getPackageName()))
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertThat(types).hasSizeBetween(1, MOST_PUBLIC_TYPES);
    }

    @ArchTest
    static void onlyWhatTheOtherPackagesNeedIsKeptInside(JavaClasses all) throws Exception {
        Set<String> inside = new TreeSet<>(packages(all));
        descriptor().exports().forEach(exported -> inside.remove(exported.source()));
        assertThat(inside).containsExactly("io.evenkeel.resilience");
    }

    private static ModuleDescriptor descriptor() throws Exception {
        URI classes = Endpoint.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        try (InputStream file = Files.newInputStream(Path.of(classes).resolve("module-info.class"))) {
            return ModuleDescriptor.read(file);
        }
    }

    private static Set<String> packages(JavaClasses all) {
        return all.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static ArchRule onlyMayUse(String library, String name) {
        return noClasses()
                .that(new DescribedPredicate<>("are not part of " + name) {
                    @Override
                    public boolean test(JavaClass type) {
                        return !type.getName().matches("io[.]evenkeel[.]" + name + "([$].*)?");
                    }
                })
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
