package io.github.workerqueue;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
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
import io.github.workerqueue.test.QueueAssertions;
import io.github.workerqueue.test.QueueSnapshotAssert;
import io.github.workerqueue.test.TestQueueConfiguration;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/** Tests for the dependencies between packages, and for the constructs that the core must not use. */
@AnalyzeClasses(packages = "io.github.workerqueue", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String CORE = "io.github.workerqueue";

    private static final String EVENT = "io.github.workerqueue.event";

    private static final String HEALTH = "io.github.workerqueue.health";

    private static final String METRICS = "io.github.workerqueue.metrics";

    private static final String CONTEXT = "io.github.workerqueue.context";

    private static final String OBSERVATION = "io.github.workerqueue.observation";

    private static final String HTTP = "io.github.workerqueue.http";

    private static final String JFR = "io.github.workerqueue.jfr";

    private static final String ACTUATE = "io.github.workerqueue.actuate";

    private static final String BOARD = "io.github.workerqueue.board";

    private static final String AUTOCONFIGURE = "io.github.workerqueue.autoconfigure";

    private static final String TEST = "io.github.workerqueue.test";

    @ArchTest
    static final ArchRule coreDependsOnlyOnJavaAndSlf4j = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CORE, "java..", "org.jspecify..", "org.slf4j..")
            .because("the queue also works without Spring and Micrometer, and is tapped through QueueListener");

    @ArchTest
    static final ArchRule metricsDependOnlyOnCoreAndMicrometer = classes()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(METRICS, CORE, "java..", "org.jspecify..", "io.micrometer..")
            .because("an application without Spring can meter its queues too; beans belong to autoconfigure");

    @ArchTest
    static final ArchRule contextDependsOnlyOnCoreAndContextPropagation = classes()
            .that()
            .resideInAPackage(CONTEXT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CONTEXT, CORE, "java..", "org.jspecify..", "io.micrometer.context..")
            .because("context-propagation is the only dependency that who carries a context must have");

    @ArchTest
    static final ArchRule observationDependsOnlyOnCoreAndMicrometerObservation = classes()
            .that()
            .resideInAPackage(OBSERVATION)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    OBSERVATION,
                    CORE,
                    "java..",
                    "org.jspecify..",
                    "io.micrometer.observation..",
                    "io.micrometer.common..")
            .because("an application may observe without meters, and without Spring");

    @ArchTest
    static final ArchRule jfrDependsOnlyOnCoreAndFlightRecorder = classes()
            .that()
            .resideInAPackage(JFR)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(JFR, CORE, "java..", "org.jspecify..", "jdk.jfr..")
            .because("a program without Spring or Micrometer can be recorded too");

    @ArchTest
    static final ArchRule endpointDependsOnlyOnCoreAndActuator = classes()
            .that()
            .resideInAPackage(ACTUATE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ACTUATE, CORE, "java..", "org.jspecify..", "org.slf4j..", "org.springframework.boot.actuate..")
            .because("beans and property keys belong to autoconfigure");

    @ArchTest
    static final ArchRule boardDependsOnlyOnCoreAndActuator = classes()
            .that()
            .resideInAPackage(BOARD)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    BOARD,
                    CORE,
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "org.springframework.boot.actuate..",
                    "org.springframework.context..",
                    "org.springframework.core.io..",
                    "org.springframework.util..")
            .because("an application may have the board without meters, and without stall detection");

    @ArchTest
    static void boardExposesOnlyEndpointRecorderAndJson(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.getPackageName().equals(BOARD))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .as("public types of the package for the board")
                .containsExactlyInAnyOrder("BoardDescriptor", "QueueBoard", "QueueBoardEndpoint");
    }

    @ArchTest
    static final ArchRule eventsDependOnlyOnCoreAndSpringContext = classes()
            .that()
            .resideInAPackage(EVENT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    EVENT,
                    CORE,
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "org.springframework.context..",
                    "org.springframework.format..")
            .because("an application of Spring without Boot can have them too");

    @ArchTest
    static final ArchRule healthDependsOnlyOnEventsAndBootHealth = classes()
            .that()
            .resideInAPackage(HEALTH)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(HEALTH, EVENT, "java..", "org.jspecify..", "org.springframework.boot.health..")
            .because("it only passes on what the watch has seen");

    @ArchTest
    static final ArchRule httpDependsOnlyOnCoreAndSpringClients = classes()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    HTTP,
                    CORE,
                    "java..",
                    "org.jspecify..",
                    "org.springframework.http..",
                    "org.springframework.web.client..",
                    "org.springframework.web.reactive.function.client..")
            .because("an application has one of the clients, or none, and may have no Boot");

    @ArchTest
    static void httpExposesOnlyResolverOfEachClient(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.getPackageName().equals(HTTP))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .as("public types of the package for HTTP clients")
                .containsExactlyInAnyOrder("RestClientRetryAfterResolver", "WebClientRetryAfterResolver");
    }

    @ArchTest
    static final ArchRule onlyIntegrationPackagesDependOnSpring = noClasses()
            .that()
            .resideOutsideOfPackages(AUTOCONFIGURE, ACTUATE, BOARD, EVENT, HEALTH, HTTP)
            .and()
            .doNotBelongToAnyOf(TestQueueConfiguration.class)
            .and()
            .haveNameNotMatching(".*\\.QueueOverrides(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .because("what needs a bean or a property key belongs to autoconfigure");

    @ArchTest
    static final ArchRule otherPackagesDoNotDependOnAutoconfigure = noClasses()
            .that()
            .resideOutsideOfPackage(AUTOCONFIGURE)
            .and()
            .doNotBelongToAnyOf(TestQueueConfiguration.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AUTOCONFIGURE)
            .because("autoconfigure knows the others and hands them what they need");

    @ArchTest
    static final ArchRule otherPackagesDoNotDependOnTestKit = noClasses()
            .that()
            .resideOutsideOfPackage(TEST)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TEST)
            .because("an application has it on its class path, and must never load it");

    @ArchTest
    static final ArchRule onlyAssertionsDependOnAssertJ = noClasses()
            .that()
            .doNotBelongToAnyOf(QueueAssertions.class, QueueSnapshotAssert.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.assertj..")
            .because("an application has no AssertJ, and a test may have none");

    @ArchTest
    static final ArchRule testKitDependsOnNoTestFramework = classes()
            .that()
            .resideInAPackage(TEST)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    TEST,
                    CORE,
                    AUTOCONFIGURE,
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "org.assertj..",
                    "org.springframework..")
            .because("it serves tests of every framework, and those without Spring");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.github.(**)")
            .should()
            .beFreeOfCycles()
            .because("data flows one way, from the properties to the queue");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(resideInANullMarkedPackage())
            .because("a package-info with @NullMarked is what lets NullAway check a package");

    @ArchTest
    static final ArchRule classesDoNotWriteToConsole =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because(
                    "what a library has to say goes through SLF4J, where an application can turn it off");

    @ArchTest
    static final ArchRule classesDoNotUseCommonPool = noClasses()
            .should()
            .callMethodWhere(runsInTheCommonPool())
            .because("the common pool belongs to the application; pass an executor, or use a thread of the queue");

    @ArchTest
    static final ArchRule coreReadsNoWallClock = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .callMethodWhere(describe(
                    "the target reads or waits for the time of day",
                    call -> is(call, System.class, "currentTimeMillis")
                            || is(call, LockSupport.class, "parkUntil")
                            || is(call, Condition.class, "awaitUntil")))
            .orShould()
            .dependOnClassesThat(describe(
                    "tell the time of day",
                    type -> type.isAssignableTo(Date.class)
                            || type.isAssignableTo(Calendar.class)
                            || (type.getPackageName().startsWith("java.time") && !type.isEquivalentTo(Duration.class))))
            .because("the time of day jumps; System.nanoTime() does not");

    @ArchTest
    static final ArchRule coreNeitherSleepsNorWaitsOnMonitors = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .callMethodWhere(describe(
                    "the target sleeps or waits on a monitor",
                    call -> is(call, Thread.class, "sleep")
                            || is(call, TimeUnit.class, "sleep")
                            || is(call, Object.class, "wait")))
            .because("a close or a cancel must end every wait, and a virtual thread on a monitor may pin its carrier");

    @ArchTest
    static final ArchRule synchronizedMethodsOfCoreDoNotBlock = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(CORE)
            .and()
            .haveModifier(JavaModifier.SYNCHRONIZED)
            .should(callNoMethodThatMayBlock())
            .because("a virtual thread that blocks in one may pin its carrier");

    @ArchTest
    static void coreHasNoSynchronizedBlocks(JavaClasses classes) throws IOException {
        List<String> found = new ArrayList<>();
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(CORE)) {
                try (InputStream bytes =
                        type.getSource().orElseThrow().getUri().toURL().openStream()) {
                    new ClassReader(bytes).accept(new MonitorVisitor(type.getName(), found), ClassReader.SKIP_DEBUG);
                }
            }
        }
        assertThat(found).as("methods that enter a monitor").isEmpty();
    }

    @ArchTest
    static final ArchRule packageNamesAreNotGeneric = noClasses()
            .should()
            .resideInAnyPackage("..internal..", "..util..", "..common..", "..impl..", "..config..")
            .because("a package is named after what an application might not have");

    @ArchTest
    static void coreExposesOnlyListedTypes(JavaClasses classes) {
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
                        "QueueLimit",
                        "QueueListener",
                        "QueueReport",
                        "QueueSettings",
                        "QueueSnapshot",
                        "RateLimit",
                        "RetryAfter",
                        "RetryAfterResolver",
                        "TaskAction",
                        "TaskConsumer",
                        "TaskFailure",
                        "TaskFunction",
                        "TaskInfo",
                        "TaskInterceptor",
                        "TaskOptions",
                        "TaskRetryPolicy",
                        "TaskScope",
                        "WorkerQueue");
    }

    @ArchTest
    static void testAndBenchmarkClassesDoNotHideProductionClasses(JavaClasses classes) throws IOException {
        Set<String> hidden = new TreeSet<>();
        for (String sources : List.of("src/jmh/java", "src/lincheck/java", "src/jcstress/java", "src/test/java")) {
            Path root = Path.of(sources);
            try (Stream<Path> files = Files.walk(root)) {
                files.map(file -> root.relativize(file).toString())
                        .filter(file -> file.endsWith(".java") && !file.endsWith("package-info.java"))
                        .map(file -> file.substring(0, file.length() - ".java".length())
                                .replace(File.separatorChar, '.'))
                        .filter(classes::contain)
                        .forEach(hidden::add);
            }
        }
        assertThat(hidden)
                .as("classes of the core that one of another source folder comes before on the class path")
                .isEmpty();
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

    private static boolean is(JavaMethodCall call, Class<?> owner, String method) {
        return call.getName().equals(method) && call.getTargetOwner().isAssignableTo(owner);
    }

    private static ArchCondition<JavaMethod> callNoMethodThatMayBlock() {
        return new ArchCondition<>("call nothing that may block") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                for (JavaMethodCall call : method.getMethodCallsFromSelf()) {
                    JavaClass owner = call.getTargetOwner();
                    boolean blocks = owner.getPackageName().startsWith("java.util.concurrent")
                            || owner.isAssignableTo(Thread.class)
                            || owner.isAnnotatedWith(FunctionalInterface.class);
                    events.add(new SimpleConditionEvent(method, !blocks, call.getDescription()));
                }
            }
        };
    }

    private static DescribedPredicate<JavaMethodCall> runsInTheCommonPool() {
        return describe("the target runs something in the common pool", call -> {
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

    /** Visitor that collects the methods that enter a monitor. */
    private static final class MonitorVisitor extends ClassVisitor {

        private final String type;

        private final List<String> found;

        MonitorVisitor(String type, List<String> found) {
            super(SpringAsmInfo.ASM_VERSION);
            this.type = type;
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.MONITORENTER) {
                        found.add(type + "." + name);
                    }
                }
            };
        }
    }
}
