package dev.connectorsdk.spring;

import dev.connectorsdk.runtime.RuntimeBuilder;

/**
 * Settings of the runtime that are code, such as handlers of events. Each bean of this type is
 * called once, in the order of {@link org.springframework.core.annotation.Order}, after everything
 * else is set.
 */
@FunctionalInterface
public interface RuntimeCustomizer {

  /** Changes settings of the runtime before it is built. */
  void customize(RuntimeBuilder builder);
}
