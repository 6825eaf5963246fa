package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.webhook.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A sample into which values are put. */
final class SampleDraft {

  private final String method;
  private final Map<String, List<String>> headers = new TreeMap<>();
  private @Nullable String query;
  private byte[] body;

  SampleDraft(Delivery sample) {
    this.method = sample.method();
    sample.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    this.query = sample.query();
    this.body = sample.body();
  }

  Delivery delivery() {
    return new Delivery(method, Map.copyOf(headers), query, body);
  }

  DeliveryValues values() {
    return new DeliveryValues(delivery());
  }

  /** Takes away a header; what is elsewhere is replaced when it is put there. */
  void remove(Place place) {
    if (place.source() == Place.Source.HEADER) {
      headers.remove(place.name());
    }
  }

  void put(Place place, String value) {
    String text = place.prefix() + value;
    switch (place.source()) {
      case HEADER -> putHeader(place, text);
      case QUERY -> query = joined(query == null ? "" : query, place, text);
      case FORM -> {
        headers.put("content-type", List.of("application/x-www-form-urlencoded"));
        body = joined(new String(body, UTF_8), place, text).getBytes(UTF_8);
      }
      case JSON -> putMember(place, text);
      case CLAIM -> throw new IllegalArgumentException("A claim is in no request");
    }
  }

  private void putHeader(Place place, String text) {
    List<String> before = new ArrayList<>(headers.getOrDefault(place.name(), List.of()));
    String separator = place.separator();
    if (separator == null || before.isEmpty()) {
      headers.put(place.name(), List.of(text));
    } else {
      headers.put(place.name(), List.of(before.get(0) + separator + text));
    }
  }

  /** Puts a field at the end, in the place of one of the same name. */
  private static String joined(String fields, Place place, String text) {
    String name = PercentEncoding.encode(place.name()) + "=";
    Stream<String> others =
        Arrays.stream(fields.split("&", -1)).filter(f -> !f.isEmpty() && !f.startsWith(name));
    return Stream.concat(others, Stream.of(name + PercentEncoding.encode(text)))
        .collect(Collectors.joining("&"));
  }

  /** The last part of a pointer is a member's name; what is above it has to be there or is made. */
  private void putMember(Place place, String text) {
    JsonNode root = JsonBody.read(delivery());
    String[] parts = place.name().substring(1).split("/", -1);
    JsonNode parent = root;
    for (int i = 0; i < parts.length - 1; i++) {
      String name = JsonPointers.unescape(parts[i]);
      JsonNode child = parent.isArray() ? parent.get(Integer.parseInt(name)) : parent.get(name);
      parent = child == null ? ((ObjectNode) parent).putObject(name) : child;
    }
    ObjectNode object = (ObjectNode) parent;
    String name = JsonPointers.unescape(parts[parts.length - 1]);
    boolean isNumber = text.matches("[1-9][0-9]{0,17}") && !isText(object.get(name));
    if (isNumber) {
      object.put(name, Long.parseLong(text));
    } else {
      object.put(name, text);
    }
    body = JsonBody.write(root);
  }

  private static boolean isText(@Nullable JsonNode member) {
    return member != null && member.isString();
  }
}
