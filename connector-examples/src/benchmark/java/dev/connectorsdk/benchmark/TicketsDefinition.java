package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.LoadOptions;

/** The operations of {@link Tickets} as a definition. */
final class TicketsDefinition {

  static final String GET = "GetTicket";
  static final String CREATE = "CreateTicket";
  static final String TENANT_HEADER = "X-Tenant";
  static final String TENANT = "acme";
  static final String VERSION_PARAMETER = "api-version";
  static final String VERSION = "2025-11-01";

  private static final String SWAGGER =
      """
      {
        "swagger": "2.0",
        "info": {"title": "Tickets", "description": "Tickets of a help desk.", "version": "2.0"},
        "host": "tickets.example.com",
        "basePath": "/api/v2",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
        "security": [{"key": []}],
        "paths": {
          "/projects/{project}/tickets/{id}": {
            "get": {
              "operationId": "GetTicket",
              "summary": "Get a ticket",
              "parameters": [
                {"name": "project", "in": "path", "required": true, "type": "string",
                 "x-ms-summary": "Project", "x-ms-url-encoding": "single"},
                {"name": "id", "in": "path", "required": true, "type": "string",
                 "x-ms-summary": "Ticket", "x-ms-url-encoding": "single"},
                {"name": "comments", "in": "query", "required": false, "type": "integer",
                 "x-ms-summary": "Comments"}
              ],
              "responses": {
                "200": {"description": "Found", "schema": {"$ref": "#/definitions/Ticket"}}
              }
            }
          },
          "/tickets": {
            "post": {
              "operationId": "CreateTicket",
              "summary": "Create a ticket",
              "parameters": [
                {"name": "ticket", "in": "body", "required": true,
                 "schema": {"$ref": "#/definitions/NewTicket"}}
              ],
              "responses": {
                "201": {"description": "Created", "schema": {"$ref": "#/definitions/Ticket"}}
              }
            }
          }
        },
        "definitions": {
          "NewTicket": {
            "type": "object",
            "required": ["title"],
            "properties": {
              "title": {"type": "string", "x-ms-summary": "Title"},
              "description": {"type": "string", "x-ms-summary": "Description"},
              "priority": {"type": "integer", "x-ms-summary": "Priority"},
              "tags": {"type": "array", "items": {"type": "string"}, "x-ms-summary": "Tags"}
            }
          },
          "Person": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}}
          },
          "Ticket": {
            "type": "object",
            "properties": {
              "id": {"type": "string"},
              "title": {"type": "string"},
              "status": {"type": "string"},
              "priority": {"type": "integer"},
              "reporter": {"$ref": "#/definitions/Person"},
              "assignee": {"$ref": "#/definitions/Person"},
              "tags": {"type": "array", "items": {"type": "string"}},
              "description": {"type": "string"},
              "createdAt": {"type": "string", "format": "date-time"},
              "updatedAt": {"type": "string", "format": "date-time"},
              "commentCount": {"type": "integer"},
              "locked": {"type": "boolean"},
              "url": {"type": "string"}
            }
          }
        }
      }
      """;

  private static final String PROPERTIES =
      """
      {
        "properties": {
          "connectionParameters": {
            "api_key": {
              "type": "securestring",
              "uiDefinition": {
                "displayName": "Key",
                "description": "The key of the help desk.",
                "constraints": {"required": "true", "clearText": false}
              }
            }
          },
          "iconBrandColor": "#225588",
          "capabilities": ["actions"],
          "policyTemplateInstances": [%s],
          "publisher": "Tickets",
          "stackOwner": "Tickets"
        }
      }
      """;

  private static final String POLICIES =
      """
      {
        "templateId": "setheader",
        "title": "Tenant",
        "parameters": {
          "x-ms-apimTemplateParameter.name": "%s",
          "x-ms-apimTemplateParameter.value": "%s",
          "x-ms-apimTemplateParameter.existsAction": "override",
          "x-ms-apimTemplate-policySection": "Request"
        }
      },
      {
        "templateId": "setqueryparameter",
        "title": "Version",
        "parameters": {
          "x-ms-apimTemplateParameter.name": "%s",
          "x-ms-apimTemplateParameter.value": "%s",
          "x-ms-apimTemplateParameter.existsAction": "override"
        }
      }
      """
          .formatted(TENANT_HEADER, TENANT, VERSION_PARAMETER, VERSION);

  private TicketsDefinition() {}

  /** Returns the connector, whose requests pass no policy. */
  static Connector plain() {
    return connector("tickets-plain", "");
  }

  /** Returns the connector, whose requests get a header and a query parameter by policies. */
  static Connector policed() {
    return connector("tickets-policed", POLICIES);
  }

  /** Returns the connector of a service that is elsewhere, by plain HTTP, under no policy. */
  static Connector at(String url) {
    String swagger =
        SWAGGER
            .replace("tickets.example.com", url.substring(url.indexOf("://") + 3))
            .replace("\"/api/v2\"", "\"/\"")
            .replace("\"https\"", "\"http\"");
    return load(DefinitionText.of("tickets-elsewhere", swagger, PROPERTIES.formatted("")));
  }

  private static Connector connector(String id, String policies) {
    return load(DefinitionText.of(id, SWAGGER, PROPERTIES.formatted(policies)));
  }

  private static Connector load(DefinitionText text) {
    return Definition.load(text, LoadOptions.standard()).connector();
  }
}
