package io.github.workerqueue;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Test that runs with a {@link Fixture} of platform threads and, from Java 21, with one of virtual threads. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "on {0} threads")
@MethodSource("io.github.workerqueue.Fixture#all")
@Tag("engine")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@interface QueueTest {}
