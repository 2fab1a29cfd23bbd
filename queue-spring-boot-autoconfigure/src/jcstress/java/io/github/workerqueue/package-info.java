/**
 * What a reordering would break: each pair of a write and a look on which the engine rests, as two actors over its own
 * classes. The pom says how to run them. An outcome that is forbidden says what would be lost.
 *
 * <p>Each was broken once, to see it fail:
 *
 * <table>
 * <caption>What was broken, and the outcome that was seen</caption>
 * <tr><th>Test</th><th>The line that was broken</th><th>The outcome</th></tr>
 * <tr><td>{@code WorkerSlotsStress.PutAndSlotThatGoesIdle}</td><td>{@code WorkerSlots.change}: {@code setRelease} in place of the CAS</td>
 * <td>0: A task is left lying</td></tr>
 * <tr><td>{@code WorkerSlotsStress.FreezeAndSlotThatStops}</td><td>{@code WorkerSlots.freeze}: without looking at what runs</td>
 * <td>0: The round ended and does not see what the task did before</td></tr>
 * <tr><td>{@code WorkerSlotsStress.FreezeAndSlotThatStarts}</td><td>the same line</td>
 * <td>2: The round ended as empty while a slot had claimed a task</td></tr>
 * <tr><td>{@code CancelStress.InterruptAndLeave}</td><td>{@code InterruptWindow.leave}: without waiting for INTERRUPTED</td>
 * <td>1, 1, 1: An interrupt is left after the callable has left</td></tr>
 * <tr><td>{@code CancelStress.StartAndCancel}</td><td>{@code InterruptWindow.enter}: {@code setRelease} in place of
 * {@code setVolatile}</td><td>2: The task was missed</td></tr>
 * <tr><td>{@code ResultChunkStress}</td><td>{@code ResultChunk.add}: the size before the value and the offset</td>
 * <td>2, -1, 13: The size covers a result whose value or index is not there</td></tr>
 * <tr><td>{@code RingStress.PutAndClosed}</td><td>{@code RingCursor.advance}: {@code getAndAdd} in place of the CAS</td>
 * <td>1, 0: A put took a ticket that who closed does not see</td></tr>
 * <tr><td>{@code RingStress.PutAndCloseAt}</td><td>{@code Ring.setAt}: the flag set in a step of its own</td>
 * <td>1, 1: A task was put into a ring that was closed as empty</td></tr>
 * <tr><td>{@code RingStress.PutAndCeiling}</td><td>{@code Ring.offer}: the ceiling read before the producer's index</td>
 * <td>2: A put that read its ticket and then the ceiling passed beyond the ceiling that was set before</td></tr>
 * <tr><td>{@code RingStress.PutAndClaim}</td><td>{@code Ring.offer}: the stamp after the cell</td>
 * <td>1, 0: A ticket was claimed whose task is not there, or only half of it</td></tr>
 * <tr><td>{@code AsyncStress.HoldAndComplete}</td><td>{@code AsyncTask.settle}: HELD set without a CAS</td>
 * <td>0, 0: Nobody concludes</td></tr>
 * <tr><td>{@code AsyncStress.HoldAndCancel}</td><td>{@code AsyncTask.settle}: without looking at the limit again</td>
 * <td>0, 0: The stage was missed</td></tr>
 * <tr><td>{@code AsyncStress.CompleteAndCancel}</td><td>{@code AsyncTask.completed}: sets its outcome whatever the state</td>
 * <td>0, 2: Both gave the slot a thread</td></tr>
 * <tr><td>{@code WakeUpStress.ProducerAndRoom}</td><td>{@code QueueEngine.released}: without {@code gate.released()}</td>
 * <td>0: The wake-up was lost</td></tr>
 * <tr><td>{@code WakeUpStress.JoinAndSlotThatStops}</td><td>{@code Quiescence.signal}: {@code > 1} in place of {@code > 0}</td>
 * <td>0: The wake-up was lost</td></tr>
 * </table>
 *
 * <p>A wake-up that is lost takes {@code WakeUpStress} its time limit to see, for each sample: with an engine that loses
 * some, it needs {@code -strideSize 1 -strideCount 1}.
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
