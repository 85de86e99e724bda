package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture rule is shown to catch the violation planted for it among these test classes. */
final class PlantedViolationsTest {
    private static final JavaClasses PLANTED = new ClassFileImporter()
            .withImportOption(location -> location.contains("/planted/"))
            .importPackages("io.emberwatch");

    private static final Map<ArchRule, String> CAUGHT = Map.ofEntries(
            Map.entry(ArchitectureTest.noPackageCycles, "console.planted.a"),
            Map.entry(ArchitectureTest.servicesDoNotKnowEachOther, "KnowsAnotherService"),
            Map.entry(ArchitectureTest.coreDoesNotKnowServices, "KnowsAService"),
            Map.entry(ArchitectureTest.theModelKnowsNobody, "KnowsAService"),
            Map.entry(ArchitectureTest.onlyTheLauncherKnowsTheLauncher, "KnowsTheLauncher"),
            Map.entry(ArchitectureTest.kafkaStaysInPush, "KnowsKafka"),
            Map.entry(ArchitectureTest.theMonitoringLibraryIsSmall, "NeedsKafka"),
            Map.entry(ArchitectureTest.simpleclientFamiliesStayInOnePlace, "KnowsSimpleclientFamilies"),
            Map.entry(ArchitectureTest.queriesDoNotKnowRules, "KnowsRules"),
            Map.entry(ArchitectureTest.noWallClock, "ReadsTheClock"),
            Map.entry(ArchitectureTest.concreteClassesAreFinal, "OpenClass"),
            Map.entry(ArchitectureTest.namesSayWhatThingsAre, "ThingManager"),
            Map.entry(ArchitectureTest.noGetters, "RecordWithGetter"));

    static Stream<Arguments> rules() {
        return CAUGHT.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("rules")
    void theRuleCatchesWhatWasPlantedForIt(ArchRule rule, String culprit) {
        assertThatThrownBy(() -> rule.check(PLANTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(culprit);
    }

    @org.junit.jupiter.api.Test
    void everyRuleHasAPlantedViolation() {
        long rules = Arrays.stream(ArchitectureTest.class.getDeclaredFields())
                .filter(field -> field.getType() == ArchRule.class)
                .count();

        assertThat(CAUGHT).hasSize((int) rules);
    }
}
