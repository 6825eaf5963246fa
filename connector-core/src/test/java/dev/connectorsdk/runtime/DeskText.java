package dev.connectorsdk.runtime;

import dev.connectorsdk.definition.DefinitionText;

/** A connector that is data, for tests: its service says where it is, and has a list of changes. */
final class DeskText {

  private static final String SWAGGER =
      """
      {"swagger": "2.0", "info": {"title": "Desk at %2$s", "version": "1"},
       "schemes": ["http"], "host": "localhost:%1$d", "basePath": "%2$s",
       "securityDefinitions": {"key": %3$s},
       "paths": {
         "/where": {"get": {"operationId": "Where", "responses": {"200": {"description": "here"}}}},
         %4$s}}
      """;

  private static final String KEY = "{\"type\": \"apiKey\", \"in\": \"%s\", \"name\": \"X-Key\"}";

  private static final String DELETION =
      """
      "/all": {"delete": {"operationId": "DeleteAll", "responses": {"204": {"description": "gone"}}}},
      """;

  private static final String POLLED =
      """
      "/changes": {"get": {"operationId": "%s", "x-ms-trigger": "batch", "parameters": [%s],
        "x-ms-trigger-metadata": {"kind": "query", "mode": "polling"},
        "responses": {"200": {"description": "all", "schema": {"type": "array", "items": {
          "type": "object", "properties": {
            "id": {"type": "string"}, "group": {"type": "string"}}}}}}}}
      """;

  private static final String HOOKED =
      """
      "/hooks": {"x-ms-notification-content": {"schema": {"type": "object"}},
        "post": {"operationId": "%s", "x-ms-trigger": "single", "parameters": [
          {"name": "body", "in": "body", "required": true, "schema": {"type": "object",
            "properties": {"url": {"type": "string", "x-ms-notification-url": true}}}}],
        "responses": {"201": {"description": "made"}}}}
      """;

  private static final String PROPERTIES =
      """
      {"properties": {"connectionParameters": {"api_key": {"type": "securestring"}%s}%s}}
      """;

  private static final String MOVED =
      """
      , "policyTemplateInstances": [{"templateId": "dynamichosturl", "title": "t", "parameters": {
          "x-ms-apimTemplateParameter.urlTemplate": "%s"}}]
      """;

  private final int port;
  private String path = "/a";
  private String security = KEY.formatted("header");
  private String trigger = "WhenChanged";
  private String configuration = "";
  private boolean hooked;
  private String deletion = "";
  private String parameters = "";
  private String policies = "";

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
    security = KEY.formatted(place);
    return this;
  }

  /** Asks for a user name and a password instead of a key. */
  DeskText withPassword() {
    security = "{\"type\": \"basic\"}";
    return this;
  }

  /** Has an operation that deletes something. */
  DeskText withDeletion() {
    deletion = DELETION;
    return this;
  }

  /** Gives the trigger another id. */
  DeskText withTrigger(String id) {
    trigger = id;
    return this;
  }

  /** Has the trigger ask for one more thing. */
  DeskText withTriggerAsking(String parameter) {
    configuration =
        "{\"name\": \"%s\", \"in\": \"query\", \"required\": true, \"type\": \"string\"}"
            .formatted(parameter);
    return this;
  }

  /** Has the service call back where it has a list. */
  DeskText withWebhook() {
    hooked = true;
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

  /** Has a policy say where the service is. */
  DeskText movedTo(String template) {
    policies = MOVED.formatted(template);
    return this;
  }

  DefinitionText text() {
    String changes = hooked ? HOOKED.formatted(trigger) : POLLED.formatted(trigger, configuration);
    return DefinitionText.of(
        "desk",
        SWAGGER.formatted(port, path, security, deletion + changes),
        PROPERTIES.formatted(parameters, policies));
  }
}
