import org.jspecify.annotations.NullMarked;

/**
 * The nouns of the connector model and what plugins and hosts implement.
 *
 * <p>Plugin authors start at {@link dev.connectorsdk.api.Connector} and {@link
 * dev.connectorsdk.api.spi.ConnectorProvider}; host developers start at {@link
 * dev.connectorsdk.api.ConnectionReference} and {@link dev.connectorsdk.api.Caller}. This module
 * holds contracts and values only: whatever runs is in connector-auth and connector-core.
 */
@NullMarked
// The two modules below are compiled after this one.
@SuppressWarnings("module")
module dev.connectorsdk.api {
  requires static transitive org.jspecify;
  requires transitive tools.jackson.databind;

  exports dev.connectorsdk.api;
  exports dev.connectorsdk.api.auth;
  exports dev.connectorsdk.api.error;
  exports dev.connectorsdk.api.event;
  exports dev.connectorsdk.api.file;
  exports dev.connectorsdk.api.http;
  exports dev.connectorsdk.api.spi;
  exports dev.connectorsdk.api.webhook;
  exports dev.connectorsdk.api.internal to
      dev.connectorsdk.auth,
      dev.connectorsdk.core;
}
