package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Pipeline;
import dev.connectorsdk.api.internal.Placeholders;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A template of {@link dev.connectorsdk.api.auth.SignatureScheme}, which has checked it. Values are
 * bytes, since a body need not be text.
 */
final class SignatureTemplate {

  private static final Map<String, UnaryOperator<byte[]>> FUNCTIONS =
      Map.ofEntries(
          entry("md5", value -> Hashes.hash("MD5", value)),
          entry("sha1", value -> Hashes.hash("SHA-1", value)),
          entry("sha256", value -> Hashes.hash("SHA-256", value)),
          entry("sha384", value -> Hashes.hash("SHA-384", value)),
          entry("sha512", value -> Hashes.hash("SHA-512", value)),
          entry("hex", value -> Hashes.hex(value).getBytes(UTF_8)),
          entry("base64", value -> Base64.getEncoder().encode(value)),
          entry("base64url", value -> Base64.getUrlEncoder().withoutPadding().encode(value)),
          entry("lower", ofText(text -> text.toLowerCase(Locale.ROOT))),
          entry("upper", ofText(text -> text.toUpperCase(Locale.ROOT))),
          entry("encoded", ofText(PercentEncoding::encode)),
          entry("sorted", ofText(SignatureTemplate::sorted)));

  private final List<Source> parts;
  private final Set<String> sources;

  /** Gives the bytes of a part. */
  @FunctionalInterface
  private interface Source {
    byte[] of(SignatureInputs inputs);
  }

  private SignatureTemplate(List<Source> parts, Set<String> sources) {
    this.parts = parts;
    this.sources = sources;
  }

  static SignatureTemplate parse(String template) {
    List<Source> parts = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    for (Placeholders.Part part : Placeholders.parts(template)) {
      if (part.isPlaceholder()) {
        Pipeline pipeline = Pipeline.parse(part.text());
        sources.add(pipeline.source());
        parts.add(value(pipeline));
      } else {
        byte[] text = part.text().getBytes(UTF_8);
        parts.add(inputs -> text);
      }
    }
    return new SignatureTemplate(List.copyOf(parts), Set.copyOf(sources));
  }

  private static Source value(Pipeline pipeline) {
    List<UnaryOperator<byte[]>> functions =
        pipeline.functions().stream().map(SignatureTemplate::function).toList();
    return inputs -> {
      byte[] value = inputs.get(pipeline.source());
      for (UnaryOperator<byte[]> function : functions) {
        value = function.apply(value);
      }
      return value;
    };
  }

  private static UnaryOperator<byte[]> function(String name) {
    UnaryOperator<byte[]> function = FUNCTIONS.get(name);
    if (function == null) {
      throw new IllegalArgumentException("Unknown function '" + name + "'");
    }
    return function;
  }

  private static UnaryOperator<byte[]> ofText(UnaryOperator<String> function) {
    return value -> function.apply(new String(value, UTF_8)).getBytes(UTF_8);
  }

  private static String sorted(String query) {
    return Arrays.stream(query.split("&")).sorted().collect(Collectors.joining("&"));
  }

  /** Returns whether a value of this name goes into it. */
  boolean names(String value) {
    return sources.contains(value);
  }

  byte[] fill(SignatureInputs inputs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Source part : parts) {
      out.writeBytes(part.of(inputs));
    }
    return out.toByteArray();
  }
}
