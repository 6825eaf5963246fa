import org.jspecify.annotations.NullMarked;

/**
 * The runtime that a host embeds.
 *
 * <p>Start at {@link dev.connectorsdk.runtime.ConnectorRuntime}; its builder, and what it returns,
 * lead to the rest. Connectors that are data are loaded by {@link
 * dev.connectorsdk.definition.Definition}.
 */
@NullMarked
module dev.connectorsdk.core {
  requires static com.github.kagkarlsson.scheduler;
  requires static transitive micrometer.observation;
  requires static transitive org.jspecify;
  requires transitive dev.connectorsdk.api;
  requires transitive okhttp3;
  requires transitive tools.jackson.databind;
  requires transitive java.sql;
  requires com.fasterxml.classmate;
  requires com.fasterxml.jackson.annotation;
  requires com.github.benmanes.caffeine;
  requires com.github.victools.jsonschema.generator;
  requires com.networknt.schema;
  requires com.nimbusds.jose.jwt;
  requires dev.connectorsdk.auth;
  requires jdk.httpserver;
  requires okio;
  requires org.slf4j;

  exports dev.connectorsdk.audit;
  exports dev.connectorsdk.connection;
  exports dev.connectorsdk.consent;
  exports dev.connectorsdk.definition;
  exports dev.connectorsdk.gateway;
  exports dev.connectorsdk.governance;
  exports dev.connectorsdk.http;
  exports dev.connectorsdk.invocation;
  exports dev.connectorsdk.jdbc;
  exports dev.connectorsdk.plugin;
  exports dev.connectorsdk.reference;
  exports dev.connectorsdk.runtime;
  exports dev.connectorsdk.secret;
  exports dev.connectorsdk.store;
  exports dev.connectorsdk.trigger;

  uses dev.connectorsdk.api.spi.ConnectorProvider;
}
