package dev.connectorsdk.internal.gateway.line;

import tools.jackson.databind.JsonNode;

/**
 * What the member of a gateway gets to know besides the request, as a tag of that.
 *
 * @param connection the id of the connection that it is for
 * @param auth how it is authenticated there, or a missing node
 */
public record GatewayAuth(String connection, JsonNode auth) {}
