/** The endpoint of worker queues, for Spring Boot's actuator. */
@NullMarked
package io.github.workerqueue.actuate;

import org.jspecify.annotations.NullMarked;
