package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes secrets out of what is kept of an exchange: values that are known, members and parameters
 * whose names say so with all that is in them, and what has the shape of a token or key.
 */
final class Redaction {

  static final String GONE = "REDACTED";

  /** What is shorter is found in too many places where it is no secret. */
  static final int SHORTEST = 4;

  private static final Pattern SECRET_SHAPE =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----"
              + "|(?i:bearer|basic) [A-Za-z0-9._~+/=-]{8,}"
              + "|(?<![A-Za-z0-9])("
              + "A(KIA|SIA)[0-9A-Z]{16}|AIza[A-Za-z0-9_-]{30,}|ya29\\.[A-Za-z0-9._-]{8,}"
              + "|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
              + "|xox[abeprs]-[A-Za-z0-9-]{8,}|whsec_[A-Za-z0-9+/=_-]{8,}"
              + "|shp(at|ca|pa|ss)_[A-Za-z0-9]{16,}"
              + "|[sr]k[-_](live_|test_|proj-)?[A-Za-z0-9]{16,})");

  /** User and password of a URL. */
  private static final Pattern USER = Pattern.compile("(?<=://)[^/?#@:\\s]*:[^/?#@\\s]*(?=@)");

  private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");

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

  /** Returns a secret as it may be found in URLs, JSON and other text. */
  static Set<String> forms(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
    String encoded = Parameters.encoded(secret);
    HttpUrl url =
        new HttpUrl.Builder()
            .scheme("https")
            .host("a.test")
            .addPathSegment(secret)
            .addQueryParameter("a", secret)
            .build();
    Set<String> forms = new TreeSet<>();
    for (String one :
        List.of(
            encoded,
            encoded.replace("+", "%20"),
            url.encodedPathSegments().get(0),
            String.valueOf(url.encodedQuery()).substring("a=".length()))) {
      forms.add(one);
      forms.add(PERCENT.matcher(one).replaceAll(code -> code.group().toLowerCase(Locale.ROOT)));
    }
    forms.add(secret);
    forms.add(quoted.substring(1, quoted.length() - 1));
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    forms.add(Base64.getEncoder().encodeToString(bytes));
    forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    forms.add(Base64.getUrlEncoder().encodeToString(bytes));
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    forms.remove("");
    return forms;
  }

  /** Takes secrets out of a text, and out of the URLs in it. */
  String text(String text) {
    return clean(Parameters.OF_URLS, text);
  }

  /** Takes secrets out of a form. */
  String form(String form) {
    return clean(Parameters.OF_FORM, form);
  }

  private String clean(Pattern parameters, String text) {
    String clean = USER.matcher(withoutKnown(text)).replaceAll(GONE);
    clean = parameters.matcher(clean).replaceAll(this::parameter);
    return SECRET_SHAPE.matcher(clean).replaceAll(GONE);
  }

  private String withoutKnown(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, GONE);
    }
    return clean;
  }

  private String parameter(MatchResult parameter) {
    String value = parameter.group(2);
    String start = parameter.group().substring(0, parameter.group().length() - value.length());
    boolean isSecret = SecretNames.isSecretParameter(Parameters.decoded(parameter.group(1)));
    return Matcher.quoteReplacement(
        start + (isSecret && !value.isEmpty() ? GONE : parameterValue(value)));
  }

  private String parameterValue(String value) {
    String decoded = Parameters.decoded(value);
    String clean = string(decoded);
    // However it was encoded before: a replay has to encode it alike.
    if (clean.contains(GONE) || !clean.equals(decoded)) {
      return Parameters.encoded(clean);
    }
    return holds(Parameters.percentDecoded(value)) ? GONE : value;
  }

  private String string(String text) {
    JsonNode json = RecordedExchange.parsed(text);
    if (json == null) {
      return text(text);
    }
    JsonNode clean = json(json);
    String written = clean.toString();
    return clean.equals(json) && !written.contains(GONE) ? text : written;
  }

  /** Returns whether a text still has a secret in it, percent-encoded in whatever way. */
  boolean leaves(String text) {
    return holds(text) || holds(Parameters.percentDecoded(text));
  }

  private boolean holds(String text) {
    return secrets.stream().anyMatch(text::contains) || SECRET_SHAPE.matcher(text).find();
  }

  /** Takes secrets out of JSON, and out of JSON in its strings. */
  JsonNode json(JsonNode node) {
    return json(node, false);
  }

  private JsonNode json(JsonNode node, boolean isSecret) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isObject()) {
      ObjectNode clean = nodes.objectNode();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        clean.set(text(member.getKey()), json(member.getValue(), isSecret(isSecret, member)));
      }
      return clean;
    }
    if (node.isArray()) {
      ArrayNode clean = nodes.arrayNode();
      node.forEach(element -> clean.add(json(element, isSecret)));
      return clean;
    }
    if (node.isString()) {
      String text = node.asString("");
      return nodes.stringNode(isSecret && !text.isEmpty() ? GONE : string(text));
    }
    return node.isNumber() && (isSecret || holds(node.toString())) ? nodes.numberNode(0) : node;
  }

  /** Returns whether a member is secret, by itself or because what it is in is. */
  static boolean isSecret(boolean isIn, Map.Entry<String, JsonNode> member) {
    if (member.getValue().isNumber() && SecretNames.isAboutOne(member.getKey())) {
      return false;
    }
    return isIn || SecretNames.isSecretMember(member.getKey(), member.getValue());
  }
}
