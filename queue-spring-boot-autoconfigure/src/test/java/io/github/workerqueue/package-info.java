/**
 * Tests for the worker queue: one class for each rule of its engine, and units. A
 * {@link io.github.workerqueue.QueueTest} runs on platform threads and, where Java has them, on virtual threads.
 *
 * <p>The resource {@code broken-rules.txt} lists the rules with their tests, and for each rule a line of the main code
 * whose change breaks it. {@link io.github.workerqueue.BrokenRulesTests} checks the list in every build.
 * {@link io.github.workerqueue.BrokenRulesProof} breaks each rule and expects its test to fail:
 *
 * <pre>
 * ./mvnw -Dbroken-rules -pl queue-spring-boot-autoconfigure test
 * </pre>
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
