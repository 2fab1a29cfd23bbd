/*
 * Floor plan of the engine, for maintainers. Its classes are package-private, and a comment in each concurrent
 * class proves that class. The page docs/explanation/engine.md of the starter explains the engine as a whole.
 *
 *   put(), submit(), ...                          join()          close()          cancel()
 *     |                                             |               |                 |
 *     v                                             v               v                 v
 * +--------------+  full, outside              +---------+    +----------+    +--------------+
 * | PutAdmission |------------------+          |  Round  |    | Shutdown |--->| Cancellation |
 * +--------------+                  |          +---------+    +----------+    +--------------+
 *     |     |                       v            ^     |            |             |       |
 *     |     | full,        +------------------+  |     | waits      | waits       |       |
 *     |     | child task   | BlockedProducers |  |     v            v             |       |
 *     |     v              +------------------+  |   +----------------+           |       |
 *     |  +-------------+            |            |   |   Quiescence   |           |       |
 *     |  | PutOverflow |            |            |   +----------------+           |       |
 *     |  +-------------+            | if first   |     | checks                   |       |
 *     v        v                    v            |     v                          |       |
 * +------------------------------------------+   |   Backlog, WorkerSlots         |       |
 * | Ring; with PutOverflow and RetryQueue,   |   |                                |       |
 * | it forms the Backlog                     |<--|--- drops waiting tasks --------+       |
 * +------------------------------------------+   |                                        |
 *     | wakes              ^ claims, through     |                                        |
 *     |                    | StartThrottle if    | results, merged                        |
 *     v                    | the ring is guarded | in submission order                    |
 * +-----------------+  +------------+     +--------------+                                |
 * | WorkerScheduler |->| WorkerSlot |---->| TaskOutcomes |                                |
 * +-----------------+  +------------+     +--------------+                                |
 *                          | runs                                                         |
 *                          v                                                              |
 *                        task in its InterruptWindow <--- interrupts a running task ------+
 *
 * Families of classes. An arrow shows the place of a change.
 *
 * Queue. The way into the engine. DefaultQueueFactory opens queues, DefaultWorkerQueue is the handle of the user,
 * and QueueExecutorService with BulkInvocation is its executor view. QueueEngine creates and connects all other
 * parts, which share a QueueContext.
 *   a new part                                -> the constructor of QueueEngine
 *   a signal between two parts                -> QueueSignals, which QueueEngine passes on
 *   an operation of the queue                 -> DefaultWorkerQueue
 *   a timed action                            -> QueueTimer, whose thread must not run code of the user
 *
 * Put. The acceptance of a task. PutAdmission tries the Ring first. If that fails, it determines the kind of the
 * Producer, and uses PutOverflow for child tasks and BlockedProducers for all others that may wait. The first put
 * begins a Round with a deadline.
 *   a reason to reject a put                  -> a flag of Ring, PutAdmission.check
 *   a kind of producer                        -> Producer.Kind
 *   fairness between producers                -> BlockedProducers, Ring.setCeiling
 *
 * Ring. The waiting tasks within the capacity, in an array with a cursor at each end (RingCursor). It signals no
 * other part. The words of the cursors carry flags, so a flag and a ticket change in one CAS.
 *   another flag that rejects puts            -> one bit of the epoch, since all bits of the tail are in use
 *
 * Backlog. All waiting tasks: those in Ring, PutOverflow and RetryQueue. Backlog answers whether a task is ready,
 * and whether none is left. It passes a free cell on to the overflow, or else to a blocked producer.
 *   another place for waiting tasks           -> Backlog
 *   the order of retries                      -> RetryQueue
 *
 * Worker. The capacity to run tasks. WorkerScheduler wakes a WorkerSlot, WorkerSlots holds the states of all slots
 * in one word, and WorkerThreads provides threads. A slot claims a task from Ring or StartThrottle, and runs it as
 * its CurrentTask.
 *   the worker loop                           -> WorkerSlot.work
 *   states of slots                           -> WorkerSlots
 *   wake-ups                                  -> WorkerScheduler, WakeThrottle
 *   spinning                                  -> SpinPolicy, by the cost that TaskCostMeter measures
 *   interrupts                                -> InterruptWindow
 *   a blocking call of the user               -> ManagedWait
 *   threads for stages that have ended        -> AsyncResumer
 *
 * Task. A task as the engine runs it: a bare callable, or a QueuedTask if it has a future, a stage or a
 * TaskExecution. The latter holds the scopes of the interceptors and counts the attempts. WorkerSlot decides on
 * the TaskDisposition.
 *   a kind of task                            -> a subclass of QueuedTask, created by TaskFactory
 *   a layer around each attempt               -> TaskFactory, as TaskTimeout
 *   the decision after an attempt             -> WorkerSlot.settle
 *   names of tasks                            -> TaskNames
 *
 * Result. TaskOutcomes holds the results and counters of one slot, the results as a list of ResultChunk.
 * ResultMerger puts the results of all slots into submission order.
 *   completed, failed and cancelled tasks     -> TaskOutcomes.count
 *   another counter per slot                  -> TaskOutcomes, and the sums in UsedSlots
 *   values that are not results               -> TaskOutcomes.collect
 *
 * Round. The end of a round, of tasks and of the queue. Round ends a round for a join, early with a RoundAbort.
 * Quiescence holds the waiting threads. Cancellation ends all tasks below a ticket, and Callbacks calls the code
 * of the user after that.
 *   a join                                    -> Round.tryEnd
 *   an early end of a round                   -> Round.abort, RoundDeadline
 *   a close with a timeout                    -> Shutdown, and Abandonment for the reports
 *   a close of several queues                 -> Drain
 *   a wait for quiescence                     -> Quiescence.await, inside ManagedWait.run
 *
 * Start. The limits on starts. StartThrottle applies the number of workers, a pause, the SharedPermits of a name
 * and its StartRateLimiter. It guards the Ring while slots must ask it before each claim. A failure that asks for a
 * wait holds the name: DefaultQueueFactory gives all its queues a held StartRateLimiter.
 *   another limit on starts                   -> StartThrottle.tryStart, StartThrottle.limits
 *
 * Report. SnapshotSource adds up the counters. ReportBuilder takes a TaskSample of each running task and of the
 * oldest waiting one.
 *   a counter of the snapshot                 -> QueueSnapshot, SnapshotSource
 *     of ended tasks                          -> counted in TaskOutcomes
 *     of tasks cancelled before their start   -> counted in Cancellation
 *     of rejected puts                        -> counted in PutAdmission
 *   a field of the report                     -> TaskSample, ReportBuilder, QueueReport
 *
 * Test kit. The same engine without threads. CallerRunsThreads runs slots in the thread that puts. ShuffledThreads
 * postpones each claimed task, and draws the next one at random.
 *   another order of tasks                    -> ShuffledThreads
 *   a hook for such threads                   -> WorkerThreads
 *
 * Glossary.
 *
 *   ticket            position of a task in the life of its queue, from 0, handed out by the tail of Ring
 *   index             position of a task in its round, from 0: ticket minus first ticket of the round (QueueContext)
 *   round             tasks accepted between two joins, identified by the first ticket
 *   epoch             number of cancels, also by aborts and closes; a put of an earlier epoch is rejected
 *   permit            right to run one task, shared by the open queues of a name with total-workers
 *   quiescent         without waiting tasks and running slots, and so without running exception handlers
 *   idle              slot in the stack of WorkerSlots, without a task
 *   searching         slot that looks for a task and has claimed none; at most one slot at a time
 *   running           slot from before its first claim until after its last task
 *   suspended         running slot without a thread, occupied by a stage
 *   absent            slot that does not count as running, since its task waits for the end of a drain
 *   used slot         slot that has run since the last join, and may have a task or a result
 *   frozen            instant in which no slot can start to run, at the end of a round
 *   wake throttling   no wake-up while a slot searches, or while one runs and tasks are cheap
 *   guarded ring      ring from which slots claim only through StartThrottle
 *   overflow          child tasks accepted beyond the capacity, which have no ticket yet
 *   ceiling           first ticket reserved for the first blocked producer and for child tasks
 *   interrupt window  time from just before to just after a callable, in which an interrupt can reach it
 *   managed wait      wait for a queue; a task that waits lends its permit meanwhile
 *   producer kinds    outsider: no task of the factory; sibling: task of another queue; own: task of this queue
 *   disposition       state of a task after an attempt: completed, failed, cancelled, retried or suspended
 */
/**
 * Bounded worker queues: a factory, its queues, their settings and the interfaces for extensions.
 *
 * <p>A {@link io.github.workerqueue.QueueFactory} opens a {@link io.github.workerqueue.WorkerQueue}, with
 * {@link io.github.workerqueue.QueueSettings}. The types of this package do not depend on Spring.
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
