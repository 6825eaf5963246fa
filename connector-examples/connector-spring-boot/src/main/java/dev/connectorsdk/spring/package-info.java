/**
 * A runtime in an application of Spring Boot: over its {@code DataSource}, in its transactions,
 * with pages for sign-ins and webhooks, and ended before its pool.
 *
 * <p>Start at {@link dev.connectorsdk.spring.ConnectorProperties} for what is set, and at {@link
 * dev.connectorsdk.spring.RuntimeCustomizer} for what is code.
 */
@NullMarked
package dev.connectorsdk.spring;

import org.jspecify.annotations.NullMarked;
