package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.examples.dryrun.Mask;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A connection as the commands tell of it. No secret is part of it. */
final class ConnectionInfo {

  private ConnectionInfo() {}

  static String status(ConnectionStatus status) {
    if (status.isConnected()) {
      return "connected";
    }
    String message = status.message();
    return status + (message == null ? "" : ": " + message);
  }

  static String account(Connection connection) {
    Account account = connection.account();
    return account == null ? "-" : account.label();
  }

  static ObjectNode toJson(
      Connection connection, ConnectionStatus status, Home.@Nullable Origin origin) {
    ObjectNode json = Json.object();
    json.put("id", connection.id().value());
    json.put("name", connection.displayName());
    json.put("connector", connection.connector().value());
    json.put("owner", connection.owner().toString());
    json.put("authOption", connection.authOption());
    json.put("state", status.state().name());
    var reason = status.reason();
    json.put("reason", reason == null ? null : reason.name());
    json.put("message", status.message());
    Account account = connection.account();
    json.put("account", account == null ? null : account.label());
    Instant end = connection.credentialExpiresAt();
    json.put("credentialExpiresAt", end == null ? null : end.toString());
    json.put("createdAt", connection.createdAt().toString());
    json.put("updatedAt", connection.updatedAt().toString());
    ObjectNode parameters = json.putObject("parameters");
    connection
        .parameters()
        .forEach(
            (name, value) ->
                parameters.put(
                    name, ConnectionForm.soundsSecret(name) ? Mask.HIDDEN : String.valueOf(value)));
    if (origin != null) {
      DefinitionSource definition = origin.definition();
      json.put("definition", definition.folder().toString());
      Path overlay = definition.overlay();
      if (overlay != null) {
        json.put("overlay", overlay.toString());
      }
      json.put("baseUrl", definition.baseUrl());
    }
    return json;
  }
}
