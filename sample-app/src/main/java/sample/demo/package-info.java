/** The demonstration around {@code sample.ladder}: the jobs, their progress and their summaries. */
@NullMarked
package sample.demo;

import org.jspecify.annotations.NullMarked;
