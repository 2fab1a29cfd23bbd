package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.RetryAfterResolver;

/**
 * An HTTP client of Spring whose failures may ask for a wait. Its resolver is no bean, so beans of that type are those of the
 * application, and come first.
 *
 * @param resolver finds the wait
 */
record QueueHttpClient(RetryAfterResolver resolver) {}
