package dev.connectorsdk.runtime;

import dev.connectorsdk.definition.DefinitionText;

/** A connector that is data, for tests: its service says where it is, and has a list of changes. */
final class DeskText {

  private static final String SWAGGER =
      """
      {"swagger": "2.0", "info": {"title": "Desk at %2$s", "version": "1"},
       "schemes": ["http"], "host": "localhost:%1$d", "basePath": "%2$s",
       "securityDefinitions": {"key": {"type": "apiKey", "in": "%3$s", "name": "X-Key"}},
       "paths": {
         "/where": {"get": {"operationId": "Where", "responses": {"200": {"description": "here"}}}},
         "/changes": {"get": {"operationId": "%4$s", "x-ms-trigger": "batch",
           "x-ms-trigger-metadata": {"kind": "query", "mode": "polling"},
           "responses": {"200": {"description": "all", "schema": {"type": "array", "items": {
             "type": "object", "properties": {
               "id": {"type": "string"}, "group": {"type": "string"}}}}}}}}}}
      """;

  private static final String PROPERTIES =
      """
      {"properties": {"connectionParameters": {"api_key": {"type": "securestring"}%s}}}
      """;

  private final int port;
  private String path = "/a";
  private String keyIn = "header";
  private String trigger = "WhenChanged";
  private String parameters = "";

  private DeskText(int port) {
    this.port = port;
  }

  static DeskText on(int port) {
    return new DeskText(port);
  }

  /** Moves the service to another path. */
  DeskText at(String other) {
    path = other;
    return this;
  }

  DeskText withKeyIn(String place) {
    keyIn = place;
    return this;
  }

  /** Gives the trigger another id. */
  DeskText withTrigger(String id) {
    trigger = id;
    return this;
  }

  /** Asks for one more parameter. */
  DeskText asking(String parameter) {
    parameters +=
        ", \"%s\": {\"type\": \"string\", \"uiDefinition\": {\"constraints\": {\"required\":"
                .formatted(parameter)
            + " \"true\"}}}";
    return this;
  }

  DefinitionText text() {
    return DefinitionText.of(
        "desk", SWAGGER.formatted(port, path, keyIn, trigger), PROPERTIES.formatted(parameters));
  }
}
