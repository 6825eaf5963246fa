package dev.connectorsdk.authserver;

import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Keycloak that somebody has started, with the realm of {@code keycloak-realm.json}. */
final class Keycloak implements AuthorizationServer {

  private final String issuer;
  private final JsonNode metadata;

  Keycloak(String url) {
    this.issuer = url + "/realms/test";
    try (Browser browser = new Browser()) {
      browser.open(URI.create(issuer + "/.well-known/openid-configuration"), CALLBACK);
      this.metadata = new JsonMapper().readTree(browser.page());
    }
  }

  @Override
  public String issuer() {
    return issuer;
  }

  @Override
  public String endpoint(String name) {
    return metadata.path(name).asString();
  }

  @Override
  public String api() {
    return issuer + "/protocol/openid-connect";
  }

  @Override
  public String whoAmI() {
    return "/userinfo";
  }

  @Override
  public Secret secret(String client) {
    return Secret.of(client + "-s3cret");
  }

  @Override
  public URI signIn(Browser browser, URI link, URI target, String user) {
    browser.open(link, target);
    URI next = browser.submit("username", login(user), target);
    return next.toString().startsWith(target.toString())
        ? next
        : browser.submit("accept", Map.of(), target);
  }

  @Override
  public URI refuse(Browser browser, URI link) {
    browser.open(link, CALLBACK);
    // Who has agreed before is not asked again.
    browser.submit("username", login("mallory"), CALLBACK);
    return browser.submit("cancel", Map.of(), CALLBACK);
  }

  @Override
  public void signInOnDevice(Browser browser, URI verification, String user) {
    URI nowhere = URI.create("https://nowhere.test");
    browser.open(verification, nowhere);
    browser.submit("username", login(user), nowhere);
    browser.submit("accept", Map.of(), nowhere);
  }

  private static Map<String, String> login(String user) {
    return Map.of("username", user, "password", "pass-word-1");
  }

  @Override
  public Map<String, Integer> counts() {
    return Map.of();
  }

  @Override
  public void close() {}
}
