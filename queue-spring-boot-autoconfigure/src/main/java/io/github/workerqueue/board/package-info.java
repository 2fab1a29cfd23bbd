/** Live board of worker queues: its recorder, its JSON and its page, as an endpoint of Spring Boot's Actuator. */
@NullMarked
package io.github.workerqueue.board;

import org.jspecify.annotations.NullMarked;
