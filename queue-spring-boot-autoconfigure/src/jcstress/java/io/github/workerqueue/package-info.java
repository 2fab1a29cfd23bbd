/**
 * Tests for the reordering of memory accesses. Each pair of a write and a read on which the engine relies has two
 * actors on the classes of the engine. The POM shows how to run them. The description of a forbidden outcome names the
 * loss.
 *
 * <p>Each test has failed on an engine with one mutated line:
 *
 * <table>
 * <caption>Mutations and the observed outcomes</caption>
 * <tr><th>Test</th><th>Mutated line</th><th>Outcome</th></tr>
 * <tr><td>{@code WorkerSlotsStress.PutAndSlotThatGoesIdle}</td>
 * <td>{@code WorkerSlots.compareAndSet}: {@code setRelease} instead of the CAS</td>
 * <td>0: A task is left lying</td></tr>
 * <tr><td>{@code WorkerSlotsStress.FreezeAndSlotThatStops}</td>
 * <td>{@code WorkerSlots.freeze}: without the check for running slots</td>
 * <td>0: The round ended and does not see what the task did before</td></tr>
 * <tr><td>{@code WorkerSlotsStress.FreezeAndSlotThatStarts}</td><td>the same line</td>
 * <td>2: The round ended as empty while a slot had claimed a task</td></tr>
 * <tr><td>{@code CancelStress.InterruptAndLeave}</td>
 * <td>{@code InterruptWindow.leave}: without the wait for INTERRUPTED</td>
 * <td>1, 1, 1: An interrupt is left after the callable has left</td></tr>
 * <tr><td>{@code CancelStress.StartAndCancel}</td>
 * <td>{@code InterruptWindow.enter}: {@code setRelease} instead of {@code setVolatile}</td>
 * <td>2: The task was missed</td></tr>
 * <tr><td>{@code ResultChunkStress}</td>
 * <td>{@code ResultChunk.add}: writes the size before the value and the offset</td>
 * <td>2, -1, 13: The size covers a result whose value or index is not there</td></tr>
 * <tr><td>{@code RingStress.PutAndClosed}</td>
 * <td>{@code RingCursor.tryIncrement}: {@code getAndAdd} instead of the CAS</td>
 * <td>1, 0: A put took a ticket that who closed does not see</td></tr>
 * <tr><td>{@code RingStress.PutAndCloseAt}</td><td>{@code Ring.setIfTail}: sets the flag in a separate step</td>
 * <td>1, 1: A task was put into a ring that was closed as empty</td></tr>
 * <tr><td>{@code RingStress.PutAndCeiling}</td>
 * <td>{@code Ring.offer}: reads the ceiling before the index of the producer</td>
 * <td>2: A put that read its ticket and then the ceiling passed beyond the ceiling that was set before</td></tr>
 * <tr><td>{@code RingStress.PutAndClaim}</td><td>{@code Ring.offer}: writes the put time after the cell</td>
 * <td>1, 0: A ticket was claimed whose task is not there, or only half of it</td></tr>
 * <tr><td>{@code AsyncStress.HoldAndComplete}</td><td>{@code AsyncTask.await}: sets SUSPENDED without a CAS</td>
 * <td>0, 0: Nobody concludes</td></tr>
 * <tr><td>{@code AsyncStress.HoldAndCancel}</td>
 * <td>{@code AsyncTask.await}: without the check for a missed cancel</td>
 * <td>0, 0: The stage was missed</td></tr>
 * <tr><td>{@code AsyncStress.CompleteAndCancel}</td>
 * <td>{@code AsyncTask.onCompletion}: sets the outcome in every state</td>
 * <td>0, 2: Both gave the slot a thread</td></tr>
 * <tr><td>{@code WakeUpStress.ProducerAndRoom}</td>
 * <td>{@code Backlog.signalNotFull}: without {@code producers.signalNotFull()}</td>
 * <td>0: The wake-up was lost</td></tr>
 * <tr><td>{@code WakeUpStress.JoinAndSlotThatStops}</td>
 * <td>{@code Quiescence.signal}: {@code > 1} instead of {@code > 0}</td>
 * <td>0: The wake-up was lost</td></tr>
 * </table>
 *
 * <p>{@code WakeUpStress} needs its whole time limit to detect a lost wake-up, in each sample. On an engine that loses
 * wake-ups, run it with {@code -strideSize 1 -strideCount 1}.
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
