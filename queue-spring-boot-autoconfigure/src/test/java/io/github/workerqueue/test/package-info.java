/** Tests for the test kit. The resource {@code broken-rules.txt} lists its rules with those of the queue. */
@NullMarked
package io.github.workerqueue.test;

import org.jspecify.annotations.NullMarked;
