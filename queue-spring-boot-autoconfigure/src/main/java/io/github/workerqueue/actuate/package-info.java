/** Endpoint of worker queues, for Spring Boot's Actuator. */
@NullMarked
package io.github.workerqueue.actuate;

import org.jspecify.annotations.NullMarked;
