package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.connectorsdk.api.internal.SignedText;
import dev.connectorsdk.api.internal.SignedText.Part;
import dev.connectorsdk.api.internal.SignedText.Section;
import dev.connectorsdk.api.internal.SignedText.Text;
import dev.connectorsdk.api.internal.SignedText.Value;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Place.Source;
import dev.connectorsdk.api.webhook.Signature.Freshness;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts together the text that is signed.
 *
 * @param callback the registered URL
 */
record TextFiller(DeliveryValues values, URI callback, @Nullable Freshness freshness) {

  private static final int MOST_HEADERS = 100;

  byte[] fill(SignedText text, String secret) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(values.delivery().body().length + 128);
    for (Section section : text.sections()) {
      append(section, secret, out);
    }
    return out.toByteArray();
  }

  private void append(Section section, String secret, ByteArrayOutputStream out) {
    ByteArrayOutputStream filled = new ByteArrayOutputStream();
    for (Part part : section.parts()) {
      byte[] bytes =
          part instanceof Value value
              ? bytes(value, secret)
              : StrictText.utf8(((Text) part).text());
      if (bytes != null) {
        filled.writeBytes(bytes);
      } else if (section.optional()) {
        return;
      } else {
        throw Refusals.missing(part);
      }
    }
    out.writeBytes(filled.toByteArray());
  }

  private byte @Nullable [] bytes(Value value, String secret) {
    byte[] bytes =
        switch (value.source()) {
          case "body" -> values.delivery().body();
          case "secret" -> StrictText.utf8(secret);
          case "header" -> header(value.name());
          default -> {
            String text = text(value);
            yield text == null ? null : encodable(value, StrictText.utf8(text));
          }
        };
    return bytes == null || value.function().isEmpty()
        ? bytes
        : Crypto.hex(Crypto.hash("SHA-256", bytes)).getBytes(US_ASCII);
  }

  private byte @Nullable [] header(String name) {
    String text = values.header(name);
    return text == null ? null : encodable("header " + name, StrictText.header(text));
  }

  private static byte[] encodable(Object what, byte @Nullable [] bytes) {
    if (bytes == null) {
      throw Refusals.malformed(what, "has characters that cannot be signed");
    }
    return bytes;
  }

  private @Nullable String text(Value value) {
    return switch (value.kind()) {
      case "timestamp" -> freshness == null ? null : values.one(freshness.place());
      case "method" -> values.delivery().method().toUpperCase(Locale.ROOT);
      case "url" -> callback.toString();
      case "called-url" -> calledUrl();
      case "path" -> callback.getRawPath();
      case "query" -> values.delivery().query();
      case "form-sorted" -> sortedForm();
      case "headers-in:" -> listedHeaders(value.name());
      default -> values.one(DeliveryValues.place(value));
    };
  }

  private String calledUrl() {
    String url = callback.toString();
    int end = url.indexOf('?');
    String query = values.delivery().query();
    return (end < 0 ? url : url.substring(0, end)) + (query == null ? "" : "?" + query);
  }

  private String sortedForm() {
    Map<String, TreeSet<String>> fields = new TreeMap<>();
    values
        .form()
        .forEach(f -> fields.computeIfAbsent(f.getKey(), n -> new TreeSet<>()).add(f.getValue()));
    return fields.entrySet().stream()
        .flatMap(field -> field.getValue().stream().map(value -> field.getKey() + value))
        .collect(Collectors.joining());
  }

  private @Nullable String listedHeaders(String list) {
    String listed = values.header(list);
    if (listed == null) {
      return null;
    }
    List<String> names =
        Arrays.stream(listed.split(",", MOST_HEADERS + 1))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .sorted()
            .toList();
    boolean complete = names.contains(list);
    if (freshness != null && freshness.place().source() == Source.HEADER) {
      complete = complete && names.contains(freshness.place().name());
    }
    if (!complete || names.size() > MOST_HEADERS) {
      throw Refusals.malformed("header " + list, "does not list what has to be signed");
    }
    return names.stream()
        .map(name -> name + ":" + values.required(headerPlace(list, name)).strip())
        .collect(Collectors.joining(";"));
  }

  private static Place headerPlace(String list, String name) {
    try {
      return Place.header(name);
    } catch (IllegalArgumentException e) {
      throw Refusals.malformed("header " + list, "lists something that is no header");
    }
  }
}
