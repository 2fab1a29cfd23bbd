/** Tests of what users' tests need. */
@NullMarked
package io.github.workerqueue.test;

import org.jspecify.annotations.NullMarked;
