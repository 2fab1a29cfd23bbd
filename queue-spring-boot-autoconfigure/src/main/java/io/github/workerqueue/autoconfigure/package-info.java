/** Auto-configuration of worker queues, for Spring Boot. */
@NullMarked
package io.github.workerqueue.autoconfigure;

import org.jspecify.annotations.NullMarked;
