/** Auto-configuration of worker queues, and a retry policy that delegates to Spring Framework. */
@NullMarked
package io.github.workerqueue.autoconfigure;

import org.jspecify.annotations.NullMarked;
