package io.github.workerqueue.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Failure analyzer that reports a {@link QueueConfigurationException} without a stack trace. */
class QueueConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<QueueConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, QueueConfigurationException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
