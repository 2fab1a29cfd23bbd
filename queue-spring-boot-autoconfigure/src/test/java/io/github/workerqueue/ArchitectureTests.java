package io.github.workerqueue;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "io.github.workerqueue", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String CORE = "io.github.workerqueue";

    private static final String METRICS = "io.github.workerqueue.metrics";

    private static final String AUTOCONFIGURE = "io.github.workerqueue.autoconfigure";

    @ArchTest
    static final ArchRule coreKnowsOnlyJava = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CORE, "java..", "org.jspecify..", "org.slf4j..")
            .because("the queue also works without Spring and Micrometer, and is tapped through QueueListener");

    @ArchTest
    static final ArchRule metricsKnowOnlyTheCoreAndMicrometer = classes()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(METRICS, CORE, "java..", "org.jspecify..", "io.micrometer..")
            .because("an application without Spring can meter its queues too; beans belong to autoconfigure");

    @ArchTest
    static final ArchRule onlyTheWiringKnowsSpring = noClasses()
            .that()
            .resideOutsideOfPackage(AUTOCONFIGURE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .because("what needs a bean or a property key belongs to autoconfigure");

    @ArchTest
    static final ArchRule noRoomKnowsTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage(AUTOCONFIGURE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AUTOCONFIGURE)
            .because("autoconfigure knows the others and hands them what they need");

    @ArchTest
    static final ArchRule roomsHaveNoCycles = slices().matching("io.github.(**)")
            .should()
            .beFreeOfCycles()
            .because("data flows one way, from the properties to the queue");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(resideInANullMarkedPackage())
            .because("a package-info with @NullMarked is what lets NullAway check a package");

    @ArchTest
    static final ArchRule nothingWritesToTheConsole =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because(
                    "what a library has to say goes through SLF4J, where an application can turn it off");

    @ArchTest
    static final ArchRule nothingRunsInTheCommonPool = noClasses()
            .should()
            .callMethodWhere(runsInTheCommonPool())
            .because("the common pool belongs to the application; pass an executor, or use a thread of the queue");

    @ArchTest
    static final ArchRule nothingCarriesAnEmptyName = noClasses()
            .should()
            .resideInAnyPackage("..internal..", "..util..", "..common..", "..impl..", "..config..")
            .because("a package is named after what an application might not have");

    @ArchTest
    static void coreShowsNoTypeThatWasNotPromised(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.getPackageName().equals(CORE))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .as("public types of the core, because other programs are compiled against exactly these")
                .containsExactlyInAnyOrder(
                        "AbandonedTask",
                        "AbandonedTaskHandler",
                        "FrozenIterable",
                        "QueueClosedException",
                        "QueueDeadlineException",
                        "QueueExceptionHandler",
                        "QueueFactory",
                        "QueueFailedException",
                        "QueueListener",
                        "QueueSettings",
                        "QueueSnapshot",
                        "TaskAction",
                        "TaskConsumer",
                        "TaskFailure",
                        "TaskFunction",
                        "TaskOptions",
                        "WorkerQueue");
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, type.getName() + " is " + (marked ? "" : "not ") + "in a @NullMarked package"));
            }
        };
    }

    private static DescribedPredicate<JavaMethodCall> runsInTheCommonPool() {
        return DescribedPredicate.describe("the target runs something in the common pool", call -> {
            JavaClass owner = call.getTargetOwner();
            String method = call.getTarget().getName();
            List<JavaClass> parameters = call.getTarget().getRawParameterTypes();
            if (owner.isAssignableTo(CompletionStage.class)) {
                return method.endsWith("Async")
                        && parameters.stream().noneMatch(parameter -> parameter.isEquivalentTo(Executor.class));
            }
            return method.equals("parallelStream")
                    || (owner.isEquivalentTo(ForkJoinPool.class) && method.equals("commonPool"))
                    || (method.equals("parallel") && owner.isAssignableTo(BaseStream.class));
        });
    }
}
