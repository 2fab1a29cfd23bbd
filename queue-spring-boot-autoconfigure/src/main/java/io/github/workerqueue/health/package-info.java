/** Health of worker queues, for Spring Boot. */
@NullMarked
package io.github.workerqueue.health;

import org.jspecify.annotations.NullMarked;
