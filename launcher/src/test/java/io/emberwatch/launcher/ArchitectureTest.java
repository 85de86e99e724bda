package io.emberwatch.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;

/** The plan of the house, held over every module: who may know whom, and where time comes from. */
@AnalyzeClasses(packages = "io.emberwatch", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String[] SERVICES = {
        "io.emberwatch.exporter..",
        "io.emberwatch.rules..",
        "io.emberwatch.scorer..",
        "io.emberwatch.bridge..",
        "io.emberwatch.push..",
        "io.emberwatch.console.."
    };

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("io.emberwatch.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule servicesDoNotKnowEachOther = slices().matching(
                    "io.emberwatch.(exporter|rules|scorer|bridge|push|console)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule coreDoesNotKnowServices = noClasses()
            .that()
            .resideInAnyPackage("io.emberwatch.model..", "io.emberwatch.service..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule theModelKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.emberwatch.model..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.emberwatch.model..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule onlyTheLauncherKnowsTheLauncher = noClasses()
            .that()
            .resideOutsideOfPackage("io.emberwatch.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.emberwatch.launcher..");

    @ArchTest
    static final ArchRule kafkaStaysInPush = noClasses()
            .that()
            .resideOutsideOfPackages("io.emberwatch.push.kafka..", "io.emberwatch.push.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..");

    @ArchTest
    static final ArchRule theMonitoringLibraryIsSmall = noClasses()
            .that()
            .resideInAPackage("io.emberwatch.push.client..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "io.emberwatch.push.client..",
                    "io.emberwatch.model..",
                    "java..",
                    "org.jspecify..",
                    "org.newsclub.net.unix..");

    @ArchTest
    static final ArchRule simpleclientFamiliesStayInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.emberwatch.service.metrics")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.prometheus\\.client\\.Collector\\$MetricFamilySamples.*");

    @ArchTest
    static final ArchRule queriesDoNotKnowRules = noClasses()
            .that()
            .resideInAPackage("io.emberwatch.rules.query..")
            .should()
            .dependOnClassesThat(are(describe(
                    "elsewhere in rules",
                    (JavaClass type) -> resideInAPackage("io.emberwatch.rules..")
                                    .test(type)
                            && !resideInAPackage("io.emberwatch.rules.query..").test(type))));

    @ArchTest
    static final ArchRule noWallClock = noClasses()
            .that()
            .resideOutsideOfPackage("io.emberwatch.launcher..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule concreteClassesAreFinal = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .doNotHaveSimpleName("package-info")
            .and(are(describe(
                    "not extended by others of their package",
                    type -> type.getSubclasses().isEmpty())))
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT);

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = classes()
            .that()
            .areTopLevelClasses()
            .should()
            .haveNameNotMatching(".*(Manager|Helper|Utils?|Impl|Common|Info)$");

    @ArchTest
    static final ArchRule noGetters = methods()
            .that()
            .areDeclaredInClassesThat()
            .areRecords()
            .and()
            .arePublic()
            .should()
            .haveNameNotMatching("get[A-Z].*");
}
