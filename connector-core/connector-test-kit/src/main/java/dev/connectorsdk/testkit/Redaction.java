package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes secrets out of what is kept of an exchange: values that are known, members and parameters
 * whose names say so, and what has the shape of a token or key.
 */
final class Redaction {

  static final String GONE = "REDACTED";

  /** What is shorter is found in too many places where it is no secret. */
  static final int SHORTEST = 4;

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          ".*(token|secret|passw|api.?key|credential|signature|cookie|session|jwt|assertion"
              + "|private.?key|verifier|nonce|authoriz).*|code|state|key|sig|pin|otp");

  /** What is said about a secret, and is none. */
  private static final Pattern ABOUT_ONE = Pattern.compile(".*(type|endpoint|ur[il]|expires.?in)");

  private static final Pattern SECRET_SHAPE =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----"
              + "|(?i:bearer|basic) [A-Za-z0-9._~+/=-]{8,}"
              + "|A(KIA|SIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abeprs]-[A-Za-z0-9-]{8,}"
              + "|[sr]k[-_](live_|test_|proj-)?[A-Za-z0-9]{16,}");

  private final List<String> secrets;

  /** With what is known to be secret. */
  Redaction(Set<String> known) {
    Set<String> all = new TreeSet<>();
    for (String secret : known) {
      if (secret.length() >= SHORTEST && !secret.equals(GONE)) {
        all.addAll(forms(secret));
      }
    }
    this.secrets = new ArrayList<>(all);
    // The longest first: a shorter one may be a part of it.
    secrets.sort(Comparator.comparing(String::length).reversed());
  }

  private static List<String> forms(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
    return List.of(
        secret,
        URLEncoder.encode(secret, UTF_8),
        URLEncoder.encode(secret, UTF_8).replace("+", "%20"),
        quoted.substring(1, quoted.length() - 1),
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
        HexFormat.of().formatHex(bytes));
  }

  static boolean isSecretName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET_NAME.matcher(lower).matches() && !ABOUT_ONE.matcher(lower).matches();
  }

  String text(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, GONE);
    }
    return SECRET_SHAPE.matcher(clean).replaceAll(GONE);
  }

  /** Returns whether a text still has a secret in it. */
  boolean leaves(String text) {
    return secrets.stream().anyMatch(text::contains) || SECRET_SHAPE.matcher(text).find();
  }

  /** Takes secrets out of a query or a form. */
  String form(String form) {
    List<String> clean = new ArrayList<>();
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : text(decoded(pair.substring(equals + 1)));
      boolean isSecret = isSecretName(decoded(name));
      clean.add(text(name) + (equals < 0 ? "" : "=" + (isSecret ? GONE : encoded(value))));
    }
    return String.join("&", clean);
  }

  /** Returns the values of fields whose names say that they are secret. */
  static List<String> secretsOfForm(String form) {
    List<String> secrets = new ArrayList<>();
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && isSecretName(decoded(pair.substring(0, equals)))) {
        secrets.add(decoded(pair.substring(equals + 1)));
      }
    }
    return secrets;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  String url(String url) {
    int query = url.indexOf('?');
    return query < 0
        ? text(url)
        : text(url.substring(0, query)) + "?" + form(url.substring(query + 1));
  }

  JsonNode json(JsonNode node) {
    if (node.isObject()) {
      ObjectNode clean = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        boolean isSecret = isSecretName(member.getKey()) && member.getValue().isValueNode();
        clean.set(
            text(member.getKey()),
            isSecret && !member.getValue().isNull() && !member.getValue().isBoolean()
                ? JsonNodeFactory.instance.stringNode(GONE)
                : json(member.getValue()));
      }
      return clean;
    }
    if (node.isArray()) {
      ArrayNode clean = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> clean.add(json(element)));
      return clean;
    }
    return node.isString() ? JsonNodeFactory.instance.stringNode(text(node.asString(""))) : node;
  }

  /** Adds the values of members whose names say that they are secret. */
  static void collect(JsonNode node, Set<String> secrets) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (isSecretName(member.getKey()) && member.getValue().isString()) {
        secrets.add(member.getValue().asString(""));
      }
    }
    for (JsonNode child : node) {
      collect(child, secrets);
    }
  }
}
