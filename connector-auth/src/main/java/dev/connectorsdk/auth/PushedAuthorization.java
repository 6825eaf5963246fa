package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends an authorization request from server to server, so that the browser carries a reference to
 * it and nothing else; RFC 9126. Each sign-in pushes its own.
 */
final class PushedAuthorization {

  private static final String METADATA_ENDPOINT = "{pushed_authorization_request_endpoint}";

  private PushedAuthorization() {}

  /** Returns where to send the browser: with the whole request, or with what stands for it. */
  static URI link(
      OAuth2Scheme scheme, TokenEndpoint endpoint, StepValues values, TokenMessage request) {
    String url = url(scheme, endpoint);
    if (url == null) {
      return URI.create(request.url());
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("client_id", request.parameters().getOrDefault("client_id", ""));
    parameters.put("request_uri", pushed(url, endpoint, values, request));
    return AuthorizationUrl.with(request.endpoint(), parameters);
  }

  private static String pushed(
      String url, TokenEndpoint endpoint, StepValues values, TokenMessage request) {
    RequestTemplate push = RequestTemplate.post(url);
    for (Map.Entry<String, String> parameter : request.parameters().entrySet()) {
      String name = "pushed." + parameter.getKey();
      values.put(name, Secret.of(parameter.getValue()));
      push = push.parameter(parameter.getKey(), "{" + name + "}");
    }
    JsonNode uri = endpoint.asked(push, values).find(List.of("/request_uri"));
    if (uri == null || !uri.isString()) {
      throw new StepFailure(
          Kind.MISCONFIGURED, "the endpoint for pushed requests gave no request_uri");
    }
    return uri.stringValue();
  }

  private static @Nullable String url(OAuth2Scheme scheme, TokenEndpoint endpoint) {
    String url = scheme.pushedAuthorizationUrl();
    Metadata metadata = endpoint.metadata();
    boolean required = metadata != null && metadata.says("require_pushed_authorization_requests");
    return url == null && required ? METADATA_ENDPOINT : url;
  }
}
