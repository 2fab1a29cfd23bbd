package io.github.workerqueue.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** What there is to observe in a queue. */
public enum QueueTaskObservationDocumentation implements ObservationDocumentation {

    /**
     * One task, from the beginning of its first run to its end: retries and the waits between them, the stage of an asynchronous
     * task, and the exception handler included; the wait before the first run not. Its parent is the observation that was
     * current when it was put. A task that was cancelled before it ran is not observed.
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

    /** Key names whose values are few. */
    public enum LowCardinalityKeyNames implements KeyName {

        /** Name of the queue. */
        QUEUE_NAME {
            @Override
            public String asString() {
                return "queue.name";
            }
        },

        /** How the task ended: success, failure or cancelled; unknown until then. */
        OUTCOME {
            @Override
            public String asString() {
                return "outcome";
            }
        },

        /** Simple name of the class of what the task failed with; none if it did not fail. */
        EXCEPTION {
            @Override
            public String asString() {
                return "exception";
            }
        }
    }

    /** Key names whose values are many. */
    public enum HighCardinalityKeyNames implements KeyName {

        /** Name of the task, if it was given in its options. */
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

        /** How many times the task ran. */
        TASK_ATTEMPTS {
            @Override
            public String asString() {
                return "task.attempts";
            }
        }
    }

    /** What happens to a task before it ends. */
    public enum Events implements Observation.Event {

        /** The task failed, and will run again. */
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
