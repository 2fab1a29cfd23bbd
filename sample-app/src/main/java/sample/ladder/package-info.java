/**
 * A ladder of players, read over HTTP with a bounded worker queue and stored in a database.
 *
 * <p>This package is the model to copy. It does not depend on {@code sample.demo}, which starts the job, embeds the
 * HTTP API that it calls, and prints its progress.
 */
@NullMarked
package sample.ladder;

import org.jspecify.annotations.NullMarked;
