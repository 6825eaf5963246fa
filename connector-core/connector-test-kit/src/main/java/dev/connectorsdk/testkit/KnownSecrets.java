package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The secrets of a recording: those it is told, and those it learns from what is exchanged. */
final class KnownSecrets {

  /** What is shorter is found in too many places where it is no secret. */
  private static final int SHORTEST_LEARNT = 6;

  /** What is shorter may be a key in one place and the key of an issue in another. */
  private static final int SHORTEST_CODE = 16;

  /** Such values are found in many places, and are the names of members, too. */
  private static final Pattern WORD =
      Pattern.compile("(?=.{1,20}$)[A-Za-z]?[a-z]*([_-][a-z]+)*", Pattern.DOTALL);

  private static final Set<String> PLAIN_HEADERS =
      Set.of("accept", "accept-encoding", "content-length", "content-type", "host", "user-agent");

  private final Set<String> secrets = new TreeSet<>();

  KnownSecrets(Set<String> told) {
    secrets.addAll(told);
  }

  Redaction redaction() {
    return new Redaction(secrets);
  }

  /** What a header holds that nobody knows may be a secret, and so may each word of it. */
  void header(String name, String value) {
    if (PLAIN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      return;
    }
    add(value);
    for (String word : value.split("[ ,;=\"]+", -1)) {
      if (word.length() >= 2 * Redaction.SHORTEST) {
        add(word);
      }
    }
    if (value.startsWith("Basic ")) {
      try {
        byte[] pair = Base64.getDecoder().decode(value.substring("Basic ".length()));
        String[] parts = new String(pair, UTF_8).split(":", 2);
        add(parts[0]);
        secrets.add(parts[parts.length - 1]);
      } catch (IllegalArgumentException e) {
        return; // No credentials of RFC 7617; the whole value is known already.
      }
    }
  }

  private void add(String value) {
    if (value.length() >= SHORTEST_LEARNT && !WORD.matcher(value).matches()) {
      secrets.add(value);
    }
  }

  /** Learns the parameters of URLs in a text. */
  void text(String text) {
    parameters(Parameters.OF_URLS, text);
  }

  private void parameters(Pattern pattern, String text) {
    pattern
        .matcher(text)
        .results()
        .forEach(
            one -> parameter(Parameters.decoded(one.group(1)), Parameters.decoded(one.group(2))));
  }

  private void parameter(String name, String value) {
    if (SecretNames.isSecretParameter(name)
        && (!SecretNames.isSecretInPlaces(name) || value.length() >= SHORTEST_CODE)) {
      add(value);
    }
    string(value);
  }

  private void string(String value) {
    JsonNode json = RecordedExchange.parsed(value);
    if (json == null) {
      text(value);
    } else {
      json(json, false);
    }
  }

  /**
   * Learns the secrets of a body, whose names say so.
   *
   * @return whether it is of a kind in which they can be found: JSON, also one in each line, a
   *     form, or text that names nothing
   */
  boolean body(String type, String body) {
    String lower = type.toLowerCase(Locale.ROOT);
    List<JsonNode> json = RecordedExchange.allParsed(body);
    if (!json.isEmpty()) {
      json.forEach(one -> json(one, false));
      return true;
    }
    if (lower.contains("form-urlencoded")) {
      parameters(Parameters.OF_FORM, body);
      return true;
    }
    return body.isEmpty()
        || ((lower.startsWith("text/plain") || RecordedExchange.isScalar(body))
            && body.indexOf('=') < 0
            && body.indexOf('{') < 0);
  }

  private void json(JsonNode node, boolean isSecret) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      json(member.getValue(), Redaction.isSecret(isSecret, member));
    }
    if (node.isArray()) {
      node.forEach(element -> json(element, isSecret));
    }
    if (isSecret && (node.isString() || node.isNumber())) {
      add(node.asString(""));
    }
    if (node.isString()) {
      string(node.asString(""));
    }
  }
}
