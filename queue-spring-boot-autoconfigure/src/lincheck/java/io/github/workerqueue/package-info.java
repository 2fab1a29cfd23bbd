/**
 * Models of the engine: Lincheck goes through the orders in which the steps of several threads may happen, and compares what
 * the calls returned with a specification that takes one step at a time. The pom says how to run them. The model checker knows
 * no reordering of the steps of one thread, and switches to no other before {@code getAndBitwiseOr} and its kind: for those, there
 * are the tests of jcstress. Its clock stands still, and a park may return at any time.
 *
 * <p>Each run has 30 s, in which Lincheck also rewrites the classes that it meets: "has hung" with no interleaving below it
 * says that the machine was busy.
 *
 * <p>All were seen to fail, on an engine that was broken in one line ({@code QueueModel} with
 * {@code -Dworkerqueue.lincheck.invocations=3000}, of which it needed about half):
 *
 * <table>
 * <caption>What was broken, and what the model said</caption>
 * <tr><th>Test</th><th>The line that was broken</th><th>The message</th></tr>
 * <tr><td>{@code RingModelTests}</td><td>{@code Ring.claim}: a ticket is claimed before its cell was seen filled</td>
 * <td>Invalid execution results: offer(7): true | take(): NullPointerException</td></tr>
 * <tr><td>{@code RingModelTests}</td><td>{@code Ring.offer}: {@code >} in place of {@code >=} for the bound</td>
 * <td>The execution has hung: offer(6): true, offerOfAChild(5): true, offer(4): hung</td></tr>
 * <tr><td>{@code PutOverflowModelTests}</td><td>{@code PutOverflow.put}: without {@code ring.set(Ring.OVERFLOWN)}</td>
 * <td>Invalid execution results: offer(6): true, putChild(6): true, take(): 6 | offer(5): true</td></tr>
 * <tr><td>{@code PutOverflowModelTests}</td><td>{@code PutOverflow.put}: without {@code children.isEmpty()}</td>
 * <td>Invalid execution results: offer(6), putChild(6), putChild(5), take(): 6, take(): 5</td></tr>
 * <tr><td>{@code WorkerSlotsModelTests}</td><td>{@code WorkerSlots.stopSearching}: without {@code slot.nextIdle = word & IDLE}</td>
 * <td>a slot is not idle, or is idle twice</td></tr>
 * <tr><td>{@code RingRefusalModelTests}</td><td>{@code Ring.setAt}: the flag set in whatever the word is by then</td>
 * <td>Invalid execution results: offer(): true, offerOfAChild(): true | closeAt(1): true</td></tr>
 * <tr><td>{@code WorkModelTests}</td><td>{@code WorkerSlot.search}: without {@code engine.wakeWorker()} after it went idle</td>
 * <td>a task is left lying: work() | offer()</td></tr>
 * <tr><td>{@code QueueModel}</td><td>{@code WorkerSlots.freeze}: also while a slot runs</td>
 * <td>2 completed, but 1 joined and 0 futures: put | join</td></tr>
 * <tr><td>{@code BlockedProducersModelTests}</td><td>{@code BlockedProducers.leave}: the first in line is looked for before it has left the line</td>
 * <td>Concurrent test has hung</td></tr>
 * </table>
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
