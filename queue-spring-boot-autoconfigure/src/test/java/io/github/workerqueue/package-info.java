/**
 * Tests of the worker queue: one class for each rule of its engine, and units. {@link io.github.workerqueue.QueueTest} runs
 * each on platform threads and, where Java has them, on virtual threads.
 *
 * <p>Each rule was broken once, in one line, to see a test fail:
 *
 * <table>
 * <caption>What was broken, and what the test said</caption>
 * <tr><th>Rule</th><th>Test</th><th>The line that was broken</th><th>The message</th></tr>
 * <tr><td>1 Bound</td><td>{@code BoundTests.theBoundIsExactWhetherOrNotItIsAPowerOfTwo}</td>
 * <td>{@code Ring.offer}: {@code ticket - producer.seen() > capacity} in place of {@code >=}</td>
 * <td>expected: 1 but was: 2</td></tr>
 * <tr><td>2 Order</td><td>{@code OrderTests.joinReturnsResultsInPutOrderWhateverOrderTheyFinishedIn}</td>
 * <td>{@code Collected.layOut}: the place counted from the end of the range</td>
 * <td>expected: [0, 1, 2, ...] but was: [24, 23, 22, ...]</td></tr>
 * <tr><td>3 What is collected</td><td>{@code CollectTests.aTaskThatReturnsNullCostsNoMemoryAfterItRan}</td>
 * <td>{@code Ledger.collect}: {@code if (true)} in place of {@code if (result != null)}</td>
 * <td>[bytes] Expecting actual: 16266664L to be less than: 2000000L</td></tr>
 * <tr><td>4 Join</td><td>{@code JoinTests.whatComesAfterThatInstantBelongsToTheNextRound}</td>
 * <td>{@code Rounds.end}: without {@code slots.forEach(slot -> slot.ledger.clearResults())}</td>
 * <td>Expecting empty but was: [0, 1, 2, ...]</td></tr>
 * <tr><td>5 Failure</td><td>{@code FailureTests.anInterruptFlagLeftByATaskIsNotSeenByItsHandler}</td>
 * <td>{@code Slot.execute}: without {@code Thread.interrupted()}</td>
 * <td>Expecting actual: [true] to contain exactly (and in same order): [false]</td></tr>
 * <tr><td>6 Close</td><td>{@code CloseTests.producersThatAreBlockedAreRefusedAtOnce}</td>
 * <td>{@code Closing.reject}: without {@code engine.gate.signalAll()}</td>
 * <td>Expecting actual throwable to be an instance of: QueueClosedException but was: TimeoutException</td></tr>
 * <tr><td>6 Close, what it cuts off</td>
 * <td>{@code AbandonedTaskTests.whateverASlotIsDoingEachTaskEndsOrIsHandedOverOnceBeforeTheCloseReturns}</td>
 * <td>{@code Cancellation.closeNow}: looks once, not until all are accounted for</td>
 * <td>expected: 142L but was: 141L</td></tr>
 * <tr><td>6 Close, of a factory</td><td>{@code FactoryCloseTests.aPipelineOfQueuesInBothDirectionsLosesNothing}</td>
 * <td>{@code Drain.awaitQuiet}: {@code while (false)} in place of {@code while (accepted != accepted())}</td>
 * <td>Expecting AtomicInteger(14) to have value: 153</td></tr>
 * <tr><td>7 No self-deadlock</td><td>{@code ReentrancyTests.inATaskOfTheQueueNothingThatPutsWaitsForRoom}</td>
 * <td>{@code Admission.isOwn}: {@code return false}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>8 Nothing is lost</td>
 * <td>{@code ConservationTests.whatWasPutHasCompletedFailedOrBeenCancelledOnceTheQueueIsQuiet}</td>
 * <td>{@code Engine.dropped}: without {@code dropped.incrementAndGet()}</td>
 * <td>expected: 22L but was: 2L; and of the fixture: not within 10 s: all that was put has ended</td></tr>
 * <tr><td>9 Threads</td><td>{@code ThreadTests.loaderPriorityAndInterruptFlagAreResetAfterEachTask}</td>
 * <td>{@code WorkerThreads.reset}: without {@code current.setContextClassLoader(loader)}</td>
 * <td>Expecting ArrayList: [[true, 5, false], [false, 5, false], ...] to contain only: [[true, 5, false]]</td></tr>
 * <tr><td>10 Memory model</td><td>{@code MemoryVisibilityTests.whatTheTaskDidIsVisibleAfterJoin}</td>
 * <td>{@code Slots.freeze}: {@code FROZEN} in place of {@code RUNNING} in the condition</td>
 * <td>expected: 896 but was: 895</td></tr>
 * <tr><td>11 Asynchronous tasks</td>
 * <td>{@code AsyncTests.itsFailureIsHandledLikeAnyOtherUnwrappedFromCompletionException}</td>
 * <td>{@code AsyncTask.conclude}: {@code null} for the cause</td>
 * <td>Expecting actual: [IOException: direct, CompletionException: IOException: wrapped, ...] to contain exactly ...</td></tr>
 * <tr><td>11 Asynchronous tasks, of clients</td>
 * <td>{@code WebClientTests.tenThousandCallsAreNeverMoreInFlightThanThereAreWorkersAndTakeFewThreads}</td>
 * <td>{@code Engine}: nine slots more than {@code settings.workers()}</td>
 * <td>Expecting actual: 509 to be between: [1, 500]</td></tr>
 * <tr><td>11 Asynchronous tasks, of clients</td><td>{@code HttpClientTests.whateverEndsATaskAbortsItsRequest}</td>
 * <td>{@code TaskTimeout.TimedStage.exceed}: without {@code AsyncTask.cancel(stage)}</td>
 * <td>Expecting AtomicInteger(0) to have value: 3 but did not within 10 seconds</td></tr>
 * <tr><td>12 Cancel</td><td>{@code CancelTests.aTaskMayCallItAndIsNotInterruptedItself}</td>
 * <td>{@code InterruptWindow.interrupt}: without {@code runner == Thread.currentThread()}</td>
 * <td>Expecting actual: [] to contain exactly (and in same order): ["interrupted: false"]</td></tr>
 * <tr><td>The limit of a task</td>
 * <td>{@code TaskTimeoutTests.aThreadThatIsDoneWithTheCallableIsNotInterrupted}</td>
 * <td>{@code TaskTimeout.Run.look}: {@code thread.interrupt()} before the condition</td>
 * <td>Expecting AtomicReference[true] to have value: false</td></tr>
 * <tr><td>all, of calls at once</td><td>{@code PairTests.twoCallsAtOnceKeepWhatTheQueuePromises}</td>
 * <td>{@code Rounds.end}: without {@code slots.forEach(slot -> slot.ledger.clearResults())}</td>
 * <td>[each result is returned once] Found duplicate(s): [0]</td></tr>
 * <tr><td>all, of calls at once</td><td>{@code PairTests.twoCallsAtOnceKeepWhatTheQueuePromises}</td>
 * <td>{@code Engine.dropped}: without {@code dropped.incrementAndGet()}</td>
 * <td>[what was put has completed, failed or been cancelled] expected: 2L but was: 1L</td></tr>
 * <tr><td>The executor view</td>
 * <td>{@code ExecutorServiceViewTests.invokeAllWithinATimeHoldsItThoughTheQueueIsFullAndCancelsWhatHasNotEnded}</td>
 * <td>{@code Entrance.put}: {@code Engine.FOREVER} in place of {@code nanos}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>What users keep</td><td>{@code ReachabilityTests.aStageThatNeverCompletesKeepsNothingAfterItWasCancelled}</td>
 * <td>{@code AsyncTask.conclude}: without {@code this.slot = null}, {@code this.stage} and {@code this.task} likewise</td>
 * <td>not within 10 s: it is collected</td></tr>
 * <tr><td>Pause</td><td>{@code PauseTests.whatRunsGoesOnAndNothingStartsAfterIt}</td>
 * <td>{@code Quota.limit}: without {@code engine.ring.guard()}</td>
 * <td>not within 10 s: it has ended</td></tr>
 * <tr><td>A total for a name</td><td>{@code BudgetTests.tenTasksBesideTwoLongQueuesEndInTime}</td>
 * <td>{@code Budget.isOwed}: {@code null} for the neediest</td>
 * <td>[1 permits] Expecting actual to be less than or equal to 31</td></tr>
 * <tr><td>A total for a name</td><td>{@code BudgetTests.nestedQueuesOfANameDoNotWaitForEachOther}</td>
 * <td>{@code Loan.ofCurrentTask}: always {@code NONE}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>Deadline</td><td>{@code DeadlineTests.theNextRoundHasANewDeadline}</td>
 * <td>{@code Rounds.beginNext}: without {@code setAt(ticket, Ring.NOT_BEGUN)}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>Retries</td><td>{@code RetryTests.aTaskThatIsDueDoesNotWaitUntilNoOtherTaskDoes}</td>
 * <td>{@code Retries.hurry}: without {@code engine.ring.guard()}</td>
 * <td>Expecting actual: 100000 to be less than: 100000</td></tr>
 * <tr><td>A total for a name</td><td>{@code BudgetTests.tenTasksBesideTwoLongQueuesEndInTime}</td>
 * <td>{@code Budget.isOwed}: without {@code share.fresh > 0}</td>
 * <td>[30 permits] Expecting actual: 3 to be less than or equal to: 2</td></tr>
 * <tr><td>6 Close, user code</td>
 * <td>{@code UserCodeOnCloseTests.noUserCodeRunsOnThreadThatCloses}</td>
 * <td>{@code Callbacks.start}: {@code if (!threads.areParallel())}</td>
 * <td>Expecting [Thread[queue-pool-2,5,main], ...] not to contain Thread[junit-timeout-thread-1,5,main]</td></tr>
 * <tr><td>6 Close, user code</td>
 * <td>{@code UserCodeOnCloseTests.closeReturnsInTimeWhenRetryPolicyBlocks}</td>
 * <td>{@code Job.retry}: without {@code slot.beginDecision()}</td>
 * <td>Expecting actual: [false] to contain exactly (and in same order): [true, false]</td></tr>
 * <tr><td>6 Close, a second one</td>
 * <td>{@code UserCodeOnCloseTests.closeReturnsImmediatelyAfterTimedCloseGaveUp}</td>
 * <td>{@code Closing.isOver}: without {@code givenUp}</td>
 * <td>TimeoutException of the thread that closes again</td></tr>
 * <tr><td>6 Close, by a task</td>
 * <td>{@code ClosingTaskTests.otherQueuesDrainWhenTaskClosesAll}</td>
 * <td>{@code Drain.run}: without {@code closer.slots.leave()}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>6 Close, of early factories</td>
 * <td>{@code EarlyFactoryTests.contextAbandonsTasksOfFactoryWhenPeriodIsOver}</td>
 * <td>{@code QueueShutdown}: without {@code addBeanPostProcessor}</td>
 * <td>Expecting actual: 0.006579998S to be between: [0.5S, 1.5S]</td></tr>
 * <tr><td>7 No self-deadlock, derived futures</td>
 * <td>{@code DerivedFutureTests.taskIsRefusedWhenItWaitsForUnfinishedDerivedFutureOfItsQueue}</td>
 * <td>{@code QueueFuture.newIncompleteFuture}: a plain {@code CompletableFuture}</td>
 * <td>[copy] expected IllegalStateException but was: TimeoutException</td></tr>
 * <tr><td>7 No self-deadlock, the executor view</td>
 * <td>{@code ExecutorServiceViewTests.taskIsRefusedWhenItWaitsOnViewOfItsQueue}</td>
 * <td>{@code QueueExecutorService.invokeAll}: without {@code Admission.refuseInside}</td>
 * <td>[no refused call has put a task] expected: 2L</td></tr>
 * <tr><td>12 Cancel, between two attempts</td>
 * <td>{@code CancelBetweenAttemptsTests.cancelEndsTaskWhenEveryAttemptFailsImmediately}</td>
 * <td>{@code SubmittedTask.cancel}: one CAS instead of a loop</td>
 * <td>[round 10, run 2] Expecting value to be true but was false</td></tr>
 * <tr><td>12 Cancel, a complete future</td>
 * <td>{@code CompletedFutureTests.taskNeverStartsWhenItsFutureIsCompleteBefore}</td>
 * <td>{@code SubmittedTask.call}: without {@code !future.isDone()}</td>
 * <td>[complete] expected: 0</td></tr>
 * <tr><td>1 Bounds, timeouts</td>
 * <td>{@code TimeoutTests.invocationDoesNotWaitWhenTimeoutIsNotPositive}</td>
 * <td>{@code Timeout.of}: without {@code Math.max(0, nanos)}</td>
 * <td>timed out after 20 seconds</td></tr>
 * </table>
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
