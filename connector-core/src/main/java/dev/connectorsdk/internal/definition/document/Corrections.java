package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Effect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a host corrects in a document.
 *
 * @param file where it stands, for messages
 * @param root as {@link CorrectionRules} allow it
 */
public record Corrections(String file, ObjectNode root) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Returns the document with what concerns all of it; a copy where something changes. */
  public JsonNode applied(JsonNode swagger) {
    if (root.isEmpty()) {
      return swagger;
    }
    ObjectNode copy = shallow(swagger);
    ObjectNode info = child(swagger, "info");
    for (String text : new String[] {"title", "description"}) {
      if (root.has(text)) {
        info.set(text, root.get(text));
      }
    }
    copy.set("info", info);
    putBaseUrl(copy);
    if (root.has("fileHosts")) {
      copy.set(FileHosts.MEMBER, root.get("fileHosts"));
    }
    putTest(swagger, copy);
    return copy;
  }

  private void putBaseUrl(ObjectNode copy) {
    String url = Lookup.text(root, "baseUrl");
    if (url != null) {
      int host = url.indexOf("://") + 3;
      int path = url.indexOf('/', host);
      copy.putArray("schemes").add(url.substring(0, host - 3));
      copy.put("host", path < 0 ? url.substring(host) : url.substring(host, path));
      copy.put("basePath", path < 0 ? "" : url.substring(path));
    }
  }

  private void putTest(JsonNode swagger, ObjectNode copy) {
    if (!root.has("test")) {
      return;
    }
    ObjectNode capabilities = child(swagger, "x-ms-capabilities");
    capabilities.remove("testConnection");
    JsonNode test = root.path("test");
    if (test.isObject()) {
      ObjectNode replaced = capabilities.putObject("testConnection");
      replaced.set("operationId", test.get("operation"));
      replaced.set(
          "parameters", test.path("input").isObject() ? test.get("input") : JSON.objectNode());
    }
    copy.set("x-ms-capabilities", capabilities);
  }

  private static ObjectNode shallow(JsonNode object) {
    ObjectNode copy = JSON.objectNode();
    object.properties().forEach(member -> copy.set(member.getKey(), member.getValue()));
    return copy;
  }

  private static ObjectNode child(JsonNode swagger, String name) {
    return swagger.path(name) instanceof ObjectNode declared
        ? declared.deepCopy()
        : JSON.objectNode();
  }

  /** Returns an operation with its texts and visibility; itself if nothing changes. */
  public JsonNode applied(String operation, JsonNode node) {
    ObjectNode own = of(operation);
    if (own == null) {
      return node;
    }
    ObjectNode copy = shallow(node);
    if (own.has("title")) {
      copy.set("summary", own.get("title"));
    }
    if (own.has("description")) {
      copy.set("description", own.get("description"));
    }
    String visibility = Lookup.text(own, "visibility");
    if (visibility != null) {
      copy.put("x-ms-visibility", visibility.equals("normal") ? "none" : visibility);
    }
    return copy;
  }

  /** Returns the effect that was said, or {@code null}. */
  public @Nullable Effect effect(String operation) {
    ObjectNode own = of(operation);
    String name = own == null ? null : Lookup.text(own, "effect");
    return name == null ? null : Effect.valueOf(name);
  }

  /** Returns whether an answer 202 of an operation is waited for; {@code null} if not said. */
  public @Nullable Boolean waits(String operation) {
    ObjectNode own = of(operation);
    JsonNode said = own == null ? null : own.get("waits");
    return said == null ? null : said.booleanValue();
  }

  /** Returns why an operation must not be used, or {@code null} if it may. */
  public @Nullable String disabled(String operation) {
    ObjectNode own = of(operation);
    return own == null ? null : Lookup.text(own, "disabled");
  }

  /** Returns what is sent for a parameter that the caller leaves out, or {@code null}. */
  public @Nullable JsonNode defaultValue(String operation, String parameter) {
    ObjectNode own = of(operation);
    return own == null ? null : own.path("defaults").get(parameter);
  }

  private @Nullable ObjectNode of(String operation) {
    return root.path("operations").get(operation) instanceof ObjectNode own ? own : null;
  }

  /** Returns who issues the tokens of sign-ins, or {@code null} if that is not said. */
  public @Nullable String issuer() {
    return Lookup.text(root, "issuer");
  }

  /** Returns a way to authenticate that sees the refusals that were said. */
  public AuthOption refusing(AuthOption option) {
    return Refusals.addedTo(option, root.path("refusedBy"));
  }

  /** Returns the operation by which connections are tested, or {@code null}. */
  public @Nullable String testOperation() {
    return Lookup.text(root.path("test"), "operation");
  }

  /** Returns whether all operations go to a URL of the host's choice. */
  public boolean setsBaseUrl() {
    return root.has("baseUrl");
  }

  /** Makes sure that connections have somewhere to go. */
  public void check(ServiceUrl url) {
    if (setsBaseUrl() && url.obstacle() != null) {
      throw CorrectionRules.wrong(file, "/baseUrl", "cannot be used: " + url.obstacle());
    }
  }

  /** Makes sure that the test can be used. */
  public void checkTest(boolean usable) {
    if (root.path("test").isObject() && !usable) {
      throw CorrectionRules.wrong(
          file,
          "/test",
          "cannot be used: the operation is no GET, cannot be called, or needs more");
    }
  }
}
