package dev.connectorsdk.authserver;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.fixtures.NodeServer;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The npm package oidc-provider, with its own login pages; see {@code oidc-provider.mjs}. */
final class OidcProvider implements AuthorizationServer {

  private final NodeServer server;
  private final JsonNode metadata;

  private OidcProvider(NodeServer server, JsonNode metadata) {
    this.server = server;
    this.metadata = metadata;
  }

  static OidcProvider start(RSAKey key) throws IOException, InterruptedException {
    String keys = new JWKSet(key.toPublicJWK()).toString();
    NodeServer server = NodeServer.start("oidc-provider.mjs", CALLBACK.toString(), keys);
    return new OidcProvider(server, read(server.url() + "/.well-known/openid-configuration"));
  }

  private static JsonNode read(String url) {
    try (Browser browser = new Browser()) {
      browser.open(URI.create(url), CALLBACK);
      return new JsonMapper().readTree(browser.page());
    }
  }

  @Override
  public String issuer() {
    return server.url();
  }

  @Override
  public String endpoint(String name) {
    return metadata.path(name).asString();
  }

  @Override
  public String api() {
    return server.url() + "/api";
  }

  @Override
  public String whoAmI() {
    return "/me";
  }

  @Override
  public Secret secret(String client) {
    return Secret.of(client + "-s3cret");
  }

  @Override
  public Secret tokenOfHost(String user) {
    return Secret.of(read(server.url() + "/token-of/" + user).path("access_token").asString());
  }

  @Override
  public URI signIn(Browser browser, URI link, URI target, String user) {
    browser.open(link, target);
    URI next = browser.submit("login", Map.of("login", user, "password", "any"), target);
    return next.toString().startsWith(target.toString())
        ? next
        : browser.submit("prompt", Map.of(), target);
  }

  @Override
  public URI refuse(Browser browser, URI link) {
    browser.open(link, CALLBACK);
    return browser.follow("/abort", CALLBACK);
  }

  @Override
  public void signInOnDevice(Browser browser, URI verification, String user) {
    URI nowhere = URI.create("https://nowhere.test");
    browser.open(verification, nowhere);
    browser.submit("user_code", Map.of(), nowhere);
    browser.submit("confirm", Map.of(), nowhere);
    browser.submit("login", Map.of("login", user, "password", "any"), nowhere);
    browser.submit("prompt", Map.of(), nowhere);
  }

  @Override
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    read(server.url() + "/counts")
        .properties()
        .forEach(p -> counts.put(p.getKey(), p.getValue().asInt()));
    return counts;
  }

  @Override
  public void close() {
    server.close();
  }
}
