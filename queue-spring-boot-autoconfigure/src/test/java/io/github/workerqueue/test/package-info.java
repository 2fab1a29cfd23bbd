/**
 * Tests for the test kit. Each rule was broken once, in one line, to see a test fail:
 *
 * <table>
 * <caption>Broken rules and failed tests</caption>
 * <tr><th>Rule</th><th>Test</th><th>The line that was broken</th></tr>
 * <tr><td>Tasks do not run inside each other</td>
 * <td>{@code TestQueuesTests.tasksRunAfterOuterTaskWhenTaskOfInnerQueuePutsThem}</td>
 * <td>{@code CallerRunsThreads.start}: {@code false} for the condition; {@code Producer.of}: the same for
 * {@code runsBelow}</td></tr>
 * <tr><td>A call that would block forever throws</td>
 * <td>{@code TestQueuesTests.putJoinAndGetThrowWhenQueueIsPausedAndWouldBlockForever}</td>
 * <td>{@code CallerRunsThreads.isHeldUp}: {@code return false}</td></tr>
 * <tr><td>Tasks run in the thread of the producer</td>
 * <td>{@code TestQueuesTests.taskRunsInCallingThreadAfterTinyTasksWhenStageIsInFlight}</td>
 * <td>{@code WakeThrottle.measured}: without {@code areParallel}</td></tr>
 * <tr><td>A shuffle draws as workers could run</td>
 * <td>{@code TestQueuesTests.shuffledTaskOvertakesFewerTasksThanTotalWorkers}</td>
 * <td>{@code ShuffledThreads.draw}: 0 in place of the random number; without {@code Math.min}</td></tr>
 * <tr><td>A postponed slot can be cancelled</td>
 * <td>{@code ContractTests.closePassesAbandonedTasksToHandlerWhenTimeoutIsZero}</td>
 * <td>{@code PostponedSlot.cancel}: {@code false} for the condition</td></tr>
 * <tr><td>A waiting thread runs tasks that wait for a thread</td>
 * <td>{@code TestQueuesTests.shuffledTaskOvertakesFewerTasksThanTotalWorkers}</td>
 * <td>{@code Quiescence.await}: {@code false} for {@code hasWork}</td></tr>
 * </table>
 */
@NullMarked
package io.github.workerqueue.test;

import org.jspecify.annotations.NullMarked;
