/** Tests for the documentation: they compile, bind or execute its code blocks, and check its links. */
@NullMarked
package io.github.workerqueue.docs;

import org.jspecify.annotations.NullMarked;
