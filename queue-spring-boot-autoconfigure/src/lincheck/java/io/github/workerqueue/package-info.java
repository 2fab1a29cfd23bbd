/**
 * Models of the engine. Lincheck explores the orders of the steps of several threads, and compares the results of the
 * calls with a sequential specification. The POM shows how to run them. The model checker does not reorder the steps of
 * one thread, and does not switch threads before {@code getAndBitwiseOr} and similar methods. The jcstress tests cover
 * these cases. The clock of the model checker stands still, and a park may return at any time.
 *
 * <p>Each run has a time limit of 30 s, in which Lincheck also transforms the classes that it loads. The message "has
 * hung" without an interleaving below it means that the machine was busy.
 *
 * <p>Each model has failed on an engine with one mutated line. {@code QueueModel} ran with
 * {@code -Dworkerqueue.lincheck.invocations=3000}, and needed about half of them.
 *
 * <table>
 * <caption>Mutations and the failures of the models</caption>
 * <tr><th>Test</th><th>Mutated line</th><th>Message</th></tr>
 * <tr><td>{@code RingModelTests}</td><td>{@code Ring.claim}: claims a ticket before its cell is filled</td>
 * <td>Invalid execution results: offer(7): true | take(): NullPointerException</td></tr>
 * <tr><td>{@code RingModelTests}</td><td>{@code Ring.offer}: {@code >} instead of {@code >=} for the capacity</td>
 * <td>The execution has hung: offer(6): true, offerOfAChild(5): true, offer(4): hung</td></tr>
 * <tr><td>{@code PutOverflowModelTests}</td>
 * <td>{@code PutOverflow.put}: without {@code ring.set(Ring.OVERFLOWING)}</td>
 * <td>Invalid execution results: offer(6): true, putChild(6): true, take(): 6 | offer(5): true</td></tr>
 * <tr><td>{@code PutOverflowModelTests}</td><td>{@code PutOverflow.put}: without {@code first == null}</td>
 * <td>Invalid execution results: offer(6), putChild(6), putChild(5), take(): 6, take(): 5</td></tr>
 * <tr><td>{@code WorkerSlotsModelTests}</td>
 * <td>{@code WorkerSlots.stopSearching}: without {@code slot.nextIdle = word & IDLE}</td>
 * <td>a slot is not idle, or is idle twice</td></tr>
 * <tr><td>{@code RingRefusalModelTests}</td><td>{@code Ring.setIfTail}: sets the flag whatever the current word is</td>
 * <td>Invalid execution results: offer(): true, offerOfAChild(): true | closeAt(1): true</td></tr>
 * <tr><td>{@code WorkModelTests}</td>
 * <td>{@code WorkerSlot.search}: without {@code scheduler.wakeWorker()} after the slot became idle</td>
 * <td>a task is left lying: work() | offer()</td></tr>
 * <tr><td>{@code QueueModel}</td><td>{@code WorkerSlots.freeze}: also while a slot runs</td>
 * <td>2 completed, but 1 joined and 0 futures: put | join</td></tr>
 * <tr><td>{@code BlockedProducersModelTests}</td>
 * <td>{@code BlockedProducers.dequeue}: reads the first producer before the current one is removed</td>
 * <td>Concurrent test has hung</td></tr>
 * </table>
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
