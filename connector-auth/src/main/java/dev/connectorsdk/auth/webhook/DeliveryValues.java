package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.internal.SignedText.Value;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Place.Source;
import dev.connectorsdk.api.webhook.Signature.Condition;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Finds values in one delivery. What is not asked for is not parsed. */
final class DeliveryValues {

  private static final String FORM = "application/x-www-form-urlencoded";

  private final Delivery delivery;
  private @Nullable JsonNode json;
  private @Nullable List<Map.Entry<String, String>> form;
  private @Nullable List<Map.Entry<String, String>> query;
  private Map<String, List<String>> claims = Map.of();

  DeliveryValues(Delivery delivery) {
    this.delivery = delivery;
  }

  /** Returns the values as one of several items has them: its JSON, and the rest. */
  DeliveryValues of(JsonNode item) {
    DeliveryValues values = new DeliveryValues(delivery);
    values.json = item;
    return values;
  }

  /** Returns where the value of a template is. */
  static Place place(Value value) {
    Source source = Source.valueOf(value.source().toUpperCase(Locale.ROOT));
    return new Place(source, value.name(), null, "");
  }

  void claims(Map<String, List<String>> claims) {
    this.claims = claims;
  }

  Delivery delivery() {
    return delivery;
  }

  boolean isForm() {
    String type = header("content-type");
    if (type == null) {
      return false;
    }
    int semicolon = type.indexOf(';');
    String bare = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    return bare.toLowerCase(Locale.ROOT).equals(FORM);
  }

  /** Returns the fields of a form; none if the body is something else. */
  List<Map.Entry<String, String>> form() {
    List<Map.Entry<String, String>> known = form;
    if (known == null) {
      String text = isForm() ? StrictText.utf8(delivery.body()) : "";
      known = fields("the form", text);
      form = known;
    }
    return known;
  }

  private List<Map.Entry<String, String>> query() {
    List<Map.Entry<String, String>> known = query;
    if (known == null) {
      String text = delivery.query();
      known = fields("the query", text == null ? "" : text);
      query = known;
    }
    return known;
  }

  private static List<Map.Entry<String, String>> fields(String what, @Nullable String encoded) {
    List<Map.Entry<String, String>> fields = encoded == null ? null : StrictText.fields(encoded);
    if (fields == null) {
      throw Refusals.malformed(what, "is not well-formed");
    }
    return fields;
  }

  JsonNode json() {
    JsonNode known = json;
    if (known == null) {
      known = JsonBody.read(delivery);
      json = known;
    }
    return known;
  }

  /** Returns a header that comes once, or {@code null}. */
  @Nullable String header(String name) {
    return one(Place.header(name));
  }

  /** Returns what is in a place, or {@code null}; refuses the delivery if it is there twice. */
  @Nullable String one(Place place) {
    List<String> all = all(place);
    if (all.size() > 1) {
      throw Refusals.malformed(place, "is there more than once");
    }
    return all.isEmpty() ? null : all.get(0);
  }

  /** Returns what is in a place, which has to be there. */
  String required(Place place) {
    String value = one(place);
    if (value == null || value.isEmpty()) {
      throw Refusals.missing(place);
    }
    return value;
  }

  /** Returns the URL for which a condition holds. */
  URI url(Condition condition) {
    String text = required(condition.place());
    try {
      if (condition.accepts(text)) {
        return new URI(text);
      }
    } catch (URISyntaxException e) {
      // Nor is it one that is accepted.
    }
    throw Refusals.unknown(condition.place());
  }

  /** Returns all parts that are meant by a place; several values without parts are refused. */
  List<String> all(Place place) {
    List<String> raw = raw(place);
    String separator = place.separator();
    if (separator == null && raw.size() > 1 && place.source() != Source.CLAIM) {
      throw Refusals.malformed(place, "is there more than once");
    }
    List<String> found = new ArrayList<>();
    for (String value : raw) {
      List<String> parts =
          separator == null
              ? List.of(value)
              : List.of(Pattern.compile(Pattern.quote(separator)).split(value, -1));
      for (String part : parts) {
        String bare = separator == null ? part : part.strip();
        if (bare.startsWith(place.prefix())) {
          found.add(bare.substring(place.prefix().length()));
        }
      }
    }
    return found;
  }

  /** Returns whether there is anything in a place, whether or not it begins as it should. */
  boolean isThere(Place place) {
    return !raw(place).isEmpty();
  }

  private List<String> raw(Place place) {
    return switch (place.source()) {
      case HEADER -> delivery.headers().getOrDefault(place.name(), List.of());
      case QUERY -> named(query(), place.name());
      case FORM -> named(form(), place.name());
      case CLAIM -> claims.getOrDefault(place.name(), List.of());
      case JSON -> {
        String member = member(place);
        yield member == null ? List.of() : List.of(member);
      }
    };
  }

  private static List<String> named(List<Map.Entry<String, String>> fields, String name) {
    return fields.stream().filter(f -> f.getKey().equals(name)).map(Map.Entry::getValue).toList();
  }

  private @Nullable String member(Place place) {
    JsonNode node = json().at(JsonPointer.compile(place.name()));
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isValueNode()) {
      throw Refusals.malformed(place, "is neither text nor number");
    }
    return node.asString();
  }
}
