package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A template of {@link dev.connectorsdk.api.auth.SignatureScheme}, which has checked it. Values are
 * bytes, since a body need not be text.
 */
final class SignatureTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

  private final List<Part> parts;

  /** Text as it is, or the name of a value with what is done to it. */
  private record Part(String text, boolean isName, List<String> functions) {}

  private SignatureTemplate(List<Part> parts) {
    this.parts = parts;
  }

  static SignatureTemplate parse(String template) {
    List<Part> parts = new ArrayList<>();
    Matcher placeholder = PLACEHOLDER.matcher(template);
    int from = 0;
    while (placeholder.find()) {
      parts.add(new Part(template.substring(from, placeholder.start()), false, List.of()));
      List<String> steps = Arrays.asList(placeholder.group(1).split("\\|"));
      parts.add(new Part(steps.get(0), true, List.copyOf(steps.subList(1, steps.size()))));
      from = placeholder.end();
    }
    parts.add(new Part(template.substring(from), false, List.of()));
    return new SignatureTemplate(List.copyOf(parts));
  }

  /** Returns whether a value of this name goes into it. */
  boolean names(String value) {
    return parts.stream().anyMatch(part -> part.isName() && part.text().equals(value));
  }

  byte[] fill(SignatureInputs inputs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Part part : parts) {
      byte[] value = part.isName() ? inputs.get(part.text()) : part.text().getBytes(UTF_8);
      for (String function : part.functions()) {
        value = apply(function, value);
      }
      out.writeBytes(value);
    }
    return out.toByteArray();
  }

  private static byte[] apply(String function, byte[] value) {
    return switch (function) {
      case "md5" -> Hashes.hash("MD5", value);
      case "sha1" -> Hashes.hash("SHA-1", value);
      case "sha256" -> Hashes.hash("SHA-256", value);
      case "sha384" -> Hashes.hash("SHA-384", value);
      case "sha512" -> Hashes.hash("SHA-512", value);
      case "hex" -> Hashes.hex(value).getBytes(UTF_8);
      case "base64" -> Base64.getEncoder().encode(value);
      case "base64url" -> Base64.getUrlEncoder().withoutPadding().encode(value);
      case "lower" -> text(value).toLowerCase(Locale.ROOT).getBytes(UTF_8);
      case "upper" -> text(value).toUpperCase(Locale.ROOT).getBytes(UTF_8);
      case "encoded" -> PercentEncoding.encode(text(value)).getBytes(UTF_8);
      case "sorted" ->
          Arrays.stream(text(value).split("&"))
              .sorted()
              .collect(Collectors.joining("&"))
              .getBytes(UTF_8);
      default -> throw new IllegalArgumentException("Unknown function '" + function + "'");
    };
  }

  private static String text(byte[] value) {
    return new String(value, UTF_8);
  }
}
