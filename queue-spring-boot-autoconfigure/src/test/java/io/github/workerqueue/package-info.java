/**
 * Tests of the worker queue: one class for each rule of its engine, and units. {@link io.github.workerqueue.QueueTest}
 * runs each on platform threads and, where Java has them, on virtual threads.
 *
 * <p>Each rule was broken once, in one line, to see a test fail:
 *
 * <table>
 * <caption>What was broken, and what the test said</caption>
 * <tr><th>Rule</th><th>Test</th><th>The line that was broken</th><th>The message</th></tr>
 * <tr><td>1 Bound</td><td>{@code CapacityTests.capacityIsExactWhetherOrNotItIsPowerOfTwo}</td>
 * <td>{@code Ring.offer}: {@code ticket - producer.seen() > capacity} in place of {@code >=}</td>
 * <td>expected: 1 but was: 2</td></tr>
 * <tr><td>2 Order</td><td>{@code OrderTests.joinReturnsResultsInSubmissionOrderWhenTasksFinishInReverse}</td>
 * <td>{@code ResultMerger.layOut}: the place counted from the end of the range</td>
 * <td>expected: [0, 1, 2, ...] but was: [24, 23, 22, ...]</td></tr>
 * <tr><td>3 What is collected</td><td>{@code ResultTests.taskTakesNoMemoryWhenItHasReturnedNull}</td>
 * <td>{@code TaskOutcomes.collect}: {@code if (true)} in place of {@code if (result != null)}</td>
 * <td>[bytes] Expecting actual: 16266664L to be less than: 2000000L</td></tr>
 * <tr><td>4 Join</td><td>{@code JoinTests.laterTasksBelongToNextRoundWhenJoinHasReturned}</td>
 * <td>{@code Round.end}: without {@code used.forEach(slot -> slot.ledger.clearResults())}</td>
 * <td>Expecting empty but was: [0, 1, 2, ...]</td></tr>
 * <tr><td>5 Failure</td><td>{@code FailureTests.handlerStartsWithoutInterruptFlagWhenTaskSetIt}</td>
 * <td>{@code WorkerSlot.execute}: without {@code Thread.interrupted()}</td>
 * <td>Expecting actual: [true] to contain exactly (and in same order): [false]</td></tr>
 * <tr><td>6 Close</td><td>{@code CloseTests.blockedProducersAreRejectedImmediatelyWhenQueueCloses}</td>
 * <td>{@code Shutdown.reject}: without {@code engine.gate.signalAll()}</td>
 * <td>Expecting actual throwable to be an instance of: QueueClosedException but was: TimeoutException</td></tr>
 * <tr><td>6 Close, what it cuts off</td>
 * <td>{@code AbandonedTaskTests.taskFinishesOrIsAbandonedExactlyOnceWhenCloseRacesWithProducer}</td>
 * <td>{@code Cancellation.closeNow}: looks once, not until all are accounted for</td>
 * <td>expected: 142L but was: 141L</td></tr>
 * <tr><td>6 Close, of a factory</td><td>{@code FactoryCloseTests.closeRunsAllTasksWhenTwoQueuesPutIntoEachOther}</td>
 * <td>{@code Drain.awaitQuiet}: {@code while (false)} in place of {@code while (accepted != accepted())}</td>
 * <td>Expecting AtomicInteger(14) to have value: 153</td></tr>
 * <tr><td>7 No self-deadlock</td><td>{@code ReentrancyTests.taskDoesNotBlockInAnyPutWhenItsQueueIsFull}</td>
 * <td>{@code Producer.isOwn}: {@code return false}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>8 Nothing is lost</td>
 * <td>{@code ConservationTests.snapshotAccountsForAllPutTasksWhenQueueIsQuiescent}</td>
 * <td>{@code QueueEngine.dropped}: without {@code dropped.incrementAndGet()}</td>
 * <td>expected: 22L but was: 2L; and of the fixture: not within 10 s: all that was put has ended</td></tr>
 * <tr><td>9 Threads</td><td>{@code ThreadTests.loaderPriorityAndInterruptFlagAreResetAfterEachTask}</td>
 * <td>{@code WorkerThreads.reset}: without {@code current.setContextClassLoader(loader)}</td>
 * <td>Expecting ArrayList: [[true, 5, false], [false, 5, false], ...] to contain only: [[true, 5, false]]</td></tr>
 * <tr><td>10 Memory model</td><td>{@code MemoryVisibilityTests.taskWritesAreVisibleAfterJoin}</td>
 * <td>{@code WorkerSlots.freeze}: {@code FROZEN} in place of {@code RUNNING} in the condition</td>
 * <td>expected: 896 but was: 895</td></tr>
 * <tr><td>11 Asynchronous tasks</td>
 * <td>{@code AsyncTests.handlerReceivesUnwrappedFailureWhenAsyncTaskFails}</td>
 * <td>{@code AsyncTask.conclude}: {@code null} for the cause</td>
 * <td>Expecting actual: [IOException: direct, CompletionException: IOException: wrapped, ...] to contain exactly ...</td></tr>
 * <tr><td>11 Asynchronous tasks, of clients</td>
 * <td>{@code WebClientTests.callsInFlightNeverExceedWorkersAndUseFewThreads}</td>
 * <td>{@code QueueEngine}: nine slots more than {@code settings.workers()}</td>
 * <td>Expecting actual: 509 to be between: [1, 500]</td></tr>
 * <tr><td>11 Asynchronous tasks, of clients</td><td>{@code HttpClientTests.requestIsAbortedWhenQueueEndsItsTask}</td>
 * <td>{@code TaskTimeout.TimedStage.exceed}: without {@code AsyncTask.cancel(stage)}</td>
 * <td>Expecting AtomicInteger(0) to have value: 3 but did not within 10 seconds</td></tr>
 * <tr><td>12 Cancel</td><td>{@code CancelTests.taskIsNotInterruptedWhenItCancelsItsQueue}</td>
 * <td>{@code InterruptWindow.interrupt}: without {@code runner == Thread.currentThread()}</td>
 * <td>Expecting actual: [] to contain exactly (and in same order): ["interrupted: false"]</td></tr>
 * <tr><td>The limit of a task</td>
 * <td>{@code TaskTimeoutTests.threadIsNotInterruptedWhenCallableHasReturned}</td>
 * <td>{@code TaskTimeout.Run.look}: {@code thread.interrupt()} before the condition</td>
 * <td>Expecting AtomicReference[true] to have value: false</td></tr>
 * <tr><td>all, of calls at once</td><td>{@code PairTests.queueKeepsItsInvariantsWhenTwoCallsAreConcurrent}</td>
 * <td>{@code Round.end}: without {@code used.forEach(slot -> slot.ledger.clearResults())}</td>
 * <td>[each result is returned once] Found duplicate(s): [0]</td></tr>
 * <tr><td>all, of calls at once</td><td>{@code PairTests.queueKeepsItsInvariantsWhenTwoCallsAreConcurrent}</td>
 * <td>{@code QueueEngine.dropped}: without {@code dropped.incrementAndGet()}</td>
 * <td>[what was put has completed, failed or been cancelled] expected: 2L but was: 1L</td></tr>
 * <tr><td>The executor view</td>
 * <td>{@code ExecutorServiceViewTests.timedInvokeAllCancelsAllTasksWhenQueueIsFull}</td>
 * <td>{@code PutAdmission.put}: {@code Durations.FOREVER} in place of {@code nanos}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>What users keep</td><td>{@code ReachabilityTests.incompleteStageKeepsNeitherQueueNorTaskWhenCancelled}</td>
 * <td>{@code AsyncTask.conclude}: without {@code this.slot = null}, {@code this.stage} and {@code this.task} likewise</td>
 * <td>not within 10 s: it is collected</td></tr>
 * <tr><td>Pause</td><td>{@code PauseTests.runningTaskFinishesAndNextTaskWaitsWhenQueueIsPaused}</td>
 * <td>{@code StartThrottle.limit}: without {@code engine.ring.guard()}</td>
 * <td>not within 10 s: it has ended</td></tr>
 * <tr><td>A total for a name</td><td>{@code TotalWorkersTests.tasksFinishInTimeWhenOtherQueuesHaveLongBacklogs}</td>
 * <td>{@code SharedPermits.isOwed}: {@code null} for the neediest</td>
 * <td>[1 permits] Expecting actual to be less than or equal to 31</td></tr>
 * <tr><td>A total for a name</td><td>{@code TotalWorkersTests.nestedQueuesOfNameDoNotDeadlock}</td>
 * <td>{@code ManagedWait.ofCurrentTask}: always {@code NONE}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>RoundDeadline</td><td>{@code DeadlineTests.everyRoundHasItsOwnDeadline}</td>
 * <td>{@code Round.beginNext}: without {@code setAt(ticket, Ring.NOT_BEGUN)}</td>
 * <td>timed out after 20 seconds</td></tr>
 * <tr><td>RetryQueue</td><td>{@code RetryTests.dueRetryStartsWhenBacklogNeverEmpties}</td>
 * <td>{@code RetryQueue.hurry}: without {@code engine.ring.guard()}</td>
 * <td>Expecting actual: 100000 to be less than: 100000</td></tr>
 * <tr><td>A total for a name</td><td>{@code TotalWorkersTests.tasksFinishInTimeWhenOtherQueuesHaveLongBacklogs}</td>
 * <td>{@code SharedPermits.isOwed}: without {@code share.fresh > 0}</td>
 * <td>[30 permits] Expecting actual: 3 to be less than or equal to: 2</td></tr>
 * <tr><td>6 Close, user code</td>
 * <td>{@code UserCodeOnCloseTests.noUserCodeRunsOnThreadThatCloses}</td>
 * <td>{@code Callbacks.start}: {@code if (!threads.areParallel())}</td>
 * <td>Expecting [Thread[queue-pool-2,5,main], ...] not to contain Thread[junit-timeout-thread-1,5,main]</td></tr>
 * <tr><td>6 Close, user code</td>
 * <td>{@code UserCodeOnCloseTests.closeReturnsInTimeWhenRetryPolicyBlocks}</td>
 * <td>{@code QueuedTask.retry}: without {@code slot.beginDecision()}</td>
 * <td>Expecting actual: [false] to contain exactly (and in same order): [true, false]</td></tr>
 * <tr><td>6 Close, a second one</td>
 * <td>{@code UserCodeOnCloseTests.closeReturnsImmediatelyAfterTimedCloseGaveUp}</td>
 * <td>{@code Shutdown.isOver}: without {@code givenUp}</td>
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
 * <td>{@code DerivedFutureTests.getThrowsWhenTaskWaitsForUnfinishedDerivedFutureOfItsQueue}</td>
 * <td>{@code QueueFuture.newIncompleteFuture}: a plain {@code CompletableFuture}</td>
 * <td>[copy] expected IllegalStateException but was: TimeoutException</td></tr>
 * <tr><td>7 No self-deadlock, the executor view</td>
 * <td>{@code ExecutorServiceViewTests.executorViewThrowsWhenTaskOfItsQueueWaitsOnIt}</td>
 * <td>{@code QueueExecutorService.invokeAll}: without {@code Producer.refuseInside}</td>
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
 * <tr><td>Names of queues</td>
 * <td>{@code QueueNameTests.openThrowsWhenNameIsNotAllowed}</td>
 * <td>{@code Names.requireQueueName}: only the length is checked</td>
 * <td>Expecting code to raise a throwable.</td></tr>
 * <tr><td>Names of tasks, escaped</td>
 * <td>{@code QueueNameTests.taskNameIsEscapedWhenItHasControlCharacters}</td>
 * <td>{@code Names.printable}: without the escapes</td>
 * <td>Expecting actual: ["a ERROR forged", "b [2K", "c d", "e f ", " ", "given name"] to contain exactly ...</td></tr>
 * <tr><td>Lines once per name</td>
 * <td>{@code QueueNameTests.factoryLogsUnconfiguredNameOnceForHundredNames}</td>
 * <td>{@code LogOnce.isDue}: without the maximum</td>
 * <td>Expected size: 100 but was: 150 in: [[INFO] Queue 'user-0': uses the default settings, since ...</td></tr>
 * <tr><td>Strict names</td>
 * <td>{@code QueueNameTests.openThrowsWhenNamesAreStrictAndNameIsUnconfigured}</td>
 * <td>{@code DefaultQueueFactory.checkName}: without {@code strictNames}</td>
 * <td>Expecting code to raise a throwable.</td></tr>
 * <tr><td>Log of a drain</td>
 * <td>{@code DrainLogTests.drainLogsItsStartAndItsEndWhenTasksAreUnfinished}</td>
 * <td>{@code Drain.close}: without {@code logStart}</td>
 * <td>not within 5 s: the drain has begun not within 5 s: the drain has begun</td></tr>
 * <tr><td>Puts during a drain</td>
 * <td>{@code DrainLogTests.putIsRejectedWithReasonWhenFactoryCloses}</td>
 * <td>{@code QueueEngine.isShutDown}: {@code return false}</td>
 * <td>Expecting message to be: "Queue 'default' is closing and does not accept tasks because its factory or ...</td></tr>
 * <tr><td>Unjoined results</td>
 * <td>{@code UnjoinedResultsTests.closeLogsNothingWhenRoundWasCancelled}</td>
 * <td>{@code Round.logUnjoined}: without {@code hasCut}</td>
 * <td>Expecting no elements of: ["Queue 'cancelled': closed with 1 result that no join has returned; join() ...</td></tr>
 * <tr><td>Unjoined results, factory</td>
 * <td>{@code UnjoinedResultsTests.factoryCloseLogsUnjoinedResults}</td>
 * <td>{@code Cancellation.closeNow}: {@code if (true)} in place of {@code !cancelled.isEmpty()}</td>
 * <td>Expecting ArrayList: ["Queue 'import': draining 0 running and 0 waiting tasks", "Queue 'import': ...</td></tr>
 * <tr><td>Interceptors, futures</td>
 * <td>{@code InterceptorTests.submittedFutureCompletesWithinScopesOfLastAttempt}</td>
 * <td>{@code SubmittedTask.settled}: without {@code complete}</td>
 * <td>Expecting actual: ["scope begins", "scope ends", "retried 1 failed", "scope begins", "scope ends", ...</td></tr>
 * <tr><td>Interceptors, futures of a cancel</td>
 * <td>{@code InterceptorTests.submittedFutureCompletesWithinScopesWhenQueueIsCancelled}</td>
 * <td>{@code SubmittedTask.dropped}: without {@code complete}</td>
 * <td>Expecting actual to contain the specified subsequence but failed to find the element at subsequence ...</td></tr>
 * <tr><td>Interceptors, a scope that fails</td>
 * <td>{@code InterceptorTests.submittedFutureCompletesWhenScopeFailsOrDoesNotRunHandler}</td>
 * <td>{@code QueuedTask.complete}: without {@code completion.run()}</td>
 * <td>Expecting actual: ["WARN before", "result", "WARN after"] to contain exactly (and in same order): ...</td></tr>
 * <tr><td>8 Accounting, executor view</td>
 * <td>{@code ExecutorServiceFailureTests.submittedTaskThatThrowsCountsAsFailed}</td>
 * <td>{@code RunnableTask.settled}: always {@code SUCCEEDED}</td>
 * <td>expected: [1L, 2L, 0L] but was: [3L, 0L, 0L]</td></tr>
 * <tr><td>8 Accounting, futures around futures</td>
 * <td>{@code ExecutorServiceFailureTests.tasksOfInvocationsThatThrowCountAsFailed}</td>
 * <td>{@code SubmittedFuture.run}: without {@code task.outcome = this}</td>
 * <td>expected: [1L, 2L, 0L] but was: [2L, 1L, 0L]</td></tr>
 * <tr><td>11 Asynchronous tasks, a forgotten putAsync</td>
 * <td>{@code UnfinishedStageWarningTests.warningNamesTaskOfAnyPutMethodWhenItReturnsUnfinishedStage}</td>
 * <td>{@code TaskOutcomes.settle}: without {@code UnfinishedStageWarning.check}</td>
 * <td>Expected size: 1 but was: 0 in: []</td></tr>
 * <tr><td>11 Asynchronous tasks, a finished stage</td>
 * <td>{@code UnfinishedStageWarningTests.finishedStageAndTaskOfPutAsyncAndExecuteLogNothing}</td>
 * <td>{@code UnfinishedStageWarning.check}: without {@code isDone}</td>
 * <td>Expecting empty but was: [[WARN] Queue 'default': task 0 returned an incomplete stage ...</td></tr>
 * <tr><td>Names of tasks, lambdas</td>
 * <td>{@code TaskNameTests.lambdaIsNamedByItsIndex}</td>
 * <td>{@code TaskOutcomes.handle}: the name without the index</td>
 * <td>Expecting actual: ["named", "io.github.workerqueue.TaskNameTests$$Lambda$717", "given", ...</td></tr>
 * <tr><td>Names of tasks, methods</td>
 * <td>{@code AsyncMethodTests.tasksAreNamedAfterTheirMethods}</td>
 * <td>{@code AsyncMethodPostProcessor}: the advice last</td>
 * <td>Expecting actual: ["task 0", "task 1"] to contain exactly (and in same order): ...</td></tr>
 * <tr><td>Blocked timer</td>
 * <td>{@code BlockedTimerWarningTests.delayedExecutorThatBlocksTimerIsReportedOncePerName}</td>
 * <td>{@code PutAdmission.await}: without {@code BlockedTimerWarning.check}</td>
 * <td>Expected size: 1 but was: 0 in: []</td></tr>
 * <tr><td>Timeouts of single tasks</td>
 * <td>{@code TaskOptionsTests.shortTimeoutIsInTimeWhenLongerOneIsAwaited}</td>
 * <td>{@code TaskTimeoutSweeper.sweepWithin}: {@code while (earliest == null)}</td>
 * <td>Expecting actual: 1006560472L to be less than: 700000000L</td></tr>
 * <tr><td>Timeouts of single tasks, zero</td>
 * <td>{@code TaskOptionsTests.taskIsNotWrappedWhenNoTimeoutApplies}</td>
 * <td>{@code TaskTimeout.isLimit}: without {@code isZero}</td>
 * <td>Expecting ArrayList: ["io.github.workerqueue.Slot", "io.github.workerqueue.TaskTimeout$Run", ...</td></tr>
 * <tr><td>3 ResultChunk, Kotlin</td>
 * <td>{@code ResultTests.queueDoesNotCollectKotlinUnitWithAnyPutMethod}</td>
 * <td>{@code TaskOutcomes.collect}: only {@code result != null}</td>
 * <td>Expecting actual: [kotlin.Unit, kotlin.Unit, kotlin.Unit, ...</td></tr>
 * <tr><td>RetryQueue, resolvers</td>
 * <td>{@code RetryAfterResolverTests.nextResolverIsAskedWhenEarlierResolverThrows}</td>
 * <td>{@code RetryAfterChain.ask}: throws</td>
 * <td>Expecting actual: [] to contain exactly (and in same order): [4000000L] but could not find the ...</td></tr>
 * <tr><td>RetryQueue, HTTP</td>
 * <td>{@code RetryAfterHeaderTests.secondsAreFoundWhenStatusIs429Or503}</td>
 * <td>{@code RetryAfterHeader.of}: without {@code limited}</td>
 * <td>expected: null but was: 7S</td></tr>
 * <tr><td>Used slots</td>
 * <td>{@code UsedSlotsTests.slotsAreUsedUntilRoundEndsWhenTheyHaveRun}</td>
 * <td>{@code Round.end}: without {@code rest.run()}</td>
 * <td>Expecting empty but was: [io.github.workerqueue.Slot, io.github.workerqueue.Slot, ...</td></tr>
 * <tr><td>Used slots, counts</td>
 * <td>{@code UsedSlotsTests.countsNeverShrinkWhenRoundsEndDuringSnapshots}</td>
 * <td>{@code UsedSlots.follow}: the counts of the slot are not subtracted</td>
 * <td>java.lang.AssertionError: [seed 17658084355814] Expecting actual: 6477L to be less than or equal to: 324L</td></tr>
 * <tr><td>Used slots, one that has left</td>
 * <td>{@code UsedSlotsTests.slotStaysUsedWhenRoundEndsAfterItHasLeft}</td>
 * <td>{@code UsedSlots.resting}: {@code if (false)}</td>
 * <td>Expecting actual: [] to contain exactly (and in same order): [io.github.workerqueue.Slot] ...</td></tr>
 * <tr><td>Reports, stacks</td>
 * <td>{@code ReportTests.stackBelongsToItsTaskWhenTasksAlternate}</td>
 * <td>{@code CurrentTask.lookWithStack}: {@code if (true)}</td>
 * <td>Expecting ArrayList: ["even"] to contain only: ["odd"] element(s) not found: ["odd"] and element(s) ...</td></tr>
 * <tr><td>Rate limits of many names</td>
 * <td>{@code SharedByNameTests.nameKeepsRateLimitWhenReopenedWithinPeriod}</td>
 * <td>{@code StartRateLimiter.Registry.removeUnused}: without {@code isIdle}</td>
 * <td>expected: 1000000000L but was: 0L</td></tr>
 * <tr><td>Rate limits, memory</td>
 * <td>{@code StartRateLimiterTests.limitTakesNoMemoryForPermitsWhenItHasFewStarts}</td>
 * <td>{@code StartTimes}: {@code FIRST_CAPACITY = 4096}</td>
 * <td>Expecting actual: 33816456L to be less than: 1000000L</td></tr>
 * <tr><td>Rate limits, a closed factory</td>
 * <td>{@code SharedByNameTests.rateLimiterSchedulesNothingWhenRegistryIsClosed}</td>
 * <td>{@code StartRateLimiter.Registry.close}: cancels nothing</td>
 * <td>Expecting all elements of: [[io.github.workerqueue.Rates$Shared$$Lambda$573]] to match given ...</td></tr>
 * <tr><td>Copies of other loaders</td>
 * <td>{@code FrozenIterableTests.copiedItemsOfContainerHaveClassesOfOriginals}</td>
 * <td>{@code ClassReader.resolveClass}: by its name</td>
 * <td>failed to access class io.github.workerqueue.FrozenIterableTests from class ...</td></tr>
 * <tr><td>Child contexts</td>
 * <td>{@code ChildContextTests.startFailsWhenFactoryOfParentIsDeclaredByApplication}</td>
 * <td>{@code ParentFactory.requireAutoConfigured}: {@code if (false)}</td>
 * <td>Expecting: &lt;Started application [...]&gt; to have failed</td></tr>
 * <tr><td>Child contexts, placeholders</td>
 * <td>{@code ChildContextTests.childHasFactoryOfItsOwnWhenPropertyDiffers}</td>
 * <td>{@code QueuePropertyValues.value}: without {@code resolvePlaceholders}</td>
 * <td>Expected not same: io.github.workerqueue.DefaultQueueFactory</td></tr>
 * <tr><td>One timer</td>
 * <td>{@code QueueObservationAutoConfigurationTests.observationAddsNoMeterByDefault}</td>
 * <td>{@code queueTaskMeterFilter}: the prefix {@code queue.task}</td>
 * <td>Expecting ArrayList: ["queue.retried", "queue.maxsize", "queue.open", "queue.rejected", ...</td></tr>
 * <tr><td>Several handlers</td>
 * <td>{@code SeveralBeansTests.startDoesNotWarnWhenDefaultsSelectExceptionHandler}</td>
 * <td>{@code QueueAutoConfiguration.exceptionHandler}: the property is not looked at</td>
 * <td>Expecting actual: "01:58:44.529 [main] WARN io.github.workerqueue.QueueFactory -- Several ...</td></tr>
 * <tr><td>Unknown keys</td>
 * <td>{@code QueueKeyTests.startFailsAndNamesClosestKeyWhenKeyIsUnknown}</td>
 * <td>{@code QueueKeyCheck}: no key is unknown</td>
 * <td>Expecting: &lt;Started application [...]&gt; to have failed</td></tr>
 * <tr><td>Unknown keys, the environment</td>
 * <td>{@code QueueKeyTests.environmentAndSystemPropertiesAreNotChecked}</td>
 * <td>{@code QueueKeyCheck}: without the filter of sources</td>
 * <td>Expecting: &lt;Unstarted application context [...]&gt; to have a single bean</td></tr>
 * <tr><td>Units of durations</td>
 * <td>{@code QueueKeyTests.durationWithoutUnitStopsStart}</td>
 * <td>{@code QueueKeyCheck}: no number lacks a unit</td>
 * <td>Expecting actual throwable to be an instance of: ...</td></tr>
 * <tr><td>Rate limits, short form</td>
 * <td>{@code RateLimitTests.textIsRejectedWhenNotInShortForm}</td>
 * <td>{@code RateLimit.valueOf}: the unit may be missing</td>
 * <td>Expecting code to raise a throwable.</td></tr>
 * <tr><td>Incomplete rate limits</td>
 * <td>{@code RateLimitPropertyTests.overriddenElementOfRateLimitsIsReportedAsIncomplete}</td>
 * <td>{@code QueueSettingsMapper}: {@code per} alone is reported</td>
 * <td>Expecting actual: (the output of the start) to contain: (the report)</td></tr>
 * <tr><td>Failure analyses, qualifiers</td>
 * <td>{@code QueueFailureAnalysisTests.misspeltQualifierIsReportedWithConfiguredNames}</td>
 * <td>{@code QueueQualifierFailureAnalyzer}: every qualifier is configured</td>
 * <td>Expecting actual: (the output of the start) to contain: (the report)</td></tr>
 * <tr><td>Failure analyses, cycles</td>
 * <td>{@code QueueFailureAnalysisTests.cycleOfBeanThatFactoryNeedsIsReported}</td>
 * <td>{@code QueueCycleFailureAnalyzer}: {@code builder >= 0}</td>
 * <td>Expecting actual: (the output of the start) to contain: (the report)</td></tr>
 * <tr><td>A factory that is a mock</td>
 * <td>{@code QueueFailureAnalysisTests.factoryThatReturnsNullIsReported}</td>
 * <td>{@code QueueBeanRegistrar}: without the check for null</td>
 * <td>Expecting actual: (the output of the start) to contain: (the report)</td></tr>
 * </table>
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
