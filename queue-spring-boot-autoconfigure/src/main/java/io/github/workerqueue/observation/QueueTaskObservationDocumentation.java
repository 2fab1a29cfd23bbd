package io.github.workerqueue.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Documentation of the observations of worker queues.
 *
 * @since 0.1
 */
public enum QueueTaskObservationDocumentation implements ObservationDocumentation {

    /**
     * Observation of one task, from its first start to its end. It includes retries and the delays between them, the
     * stage of an asynchronous task, and the exception handler, but not the wait before the first start. Its parent is
     * the observation that was current at the put. There is no observation of a task that was cancelled before it
     * started.
     */
    QUEUE_TASK {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultQueueTaskObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return LowCardinalityKeyNames.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighCardinalityKeyNames.values();
        }

        @Override
        public Observation.Event[] getEvents() {
            return Events.values();
        }
    };

    /**
     * Key names with few values.
     *
     * @since 0.1
     */
    public enum LowCardinalityKeyNames implements KeyName {

        /** Name of the queue. */
        QUEUE_NAME {
            @Override
            public String asString() {
                return "queue.name";
            }
        },

        /** Outcome of the task: success, failure or cancelled; unknown until the task has ended. */
        OUTCOME {
            @Override
            public String asString() {
                return "outcome";
            }
        },

        /** Simple class name of the exception of the task; none if the task did not fail. */
        EXCEPTION {
            @Override
            public String asString() {
                return "exception";
            }
        }
    }

    /**
     * Key names with many values.
     *
     * @since 0.1
     */
    public enum HighCardinalityKeyNames implements KeyName {

        /** Name of the task, if its options have one. */
        TASK_NAME {
            @Override
            public String asString() {
                return "task.name";
            }

            @Override
            public boolean isRequired() {
                return false;
            }
        },

        /** Number of attempts of the task. */
        TASK_ATTEMPTS {
            @Override
            public String asString() {
                return "task.attempts";
            }
        }
    }

    /**
     * Events of a task before its end.
     *
     * @since 0.1
     */
    public enum Events implements Observation.Event {

        /** Failure of an attempt of a task that will be retried. */
        RETRY {
            @Override
            public String getName() {
                return "retry";
            }

            @Override
            public String getContextualName() {
                return "retry";
            }
        }
    }
}
