package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.connectorsdk.api.JsonMember;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Year;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaDerivationTest {

  private final JsonMapper mapper = JsonSettings.newMapper();
  private final Schemas schemas = new Schemas(mapper);

  record City(String name, @Nullable String country, Optional<Integer> population) {}

  record Trip(City from, @Nullable City to, List<City> via, Map<String, City> named) {}

  record Numbers(int i, long l, double d, boolean b, Integer boxed, BigDecimal big) {}

  record Times(
      Instant instant,
      LocalDate date,
      LocalDateTime dateTime,
      LocalTime time,
      Duration duration,
      Year year,
      ZoneId zone) {}

  @SuppressWarnings("ArrayRecordComponent") // An author may do it.
  record Odds(
      byte[] bytes, String[] texts, JsonNode json, Object any, UUID uuid, OptionalInt maybe) {}

  enum Unit {
    METRIC,
    @JsonProperty("us")
    IMPERIAL,
    BOTH {
      @Override
      public String toString() {
        return "either";
      }
    }
  }

  record Units(Unit unit, @Nullable Unit other, List<Unit> all) {}

  record Tree(String label, List<Tree> children, @Nullable Tree next) {}

  record Renamed(@JsonProperty("city_name") String cityName) {}

  record Id(@JsonValue String value) {}

  record Ticket(Id id) {}

  record Elements(List<@Nullable String> some, List<String> all) {}

  @Test
  void componentsAreRequiredUnlessNullableOrOptional() {
    assertSchema(
        City.class,
        """
        {"type": "object",
         "properties": {
           "name": {"type": "string"},
           "country": {"type": ["string", "null"]},
           "population": {"type": ["integer", "null"]}},
         "required": ["name"]}
        """);
  }

  record Change(
      JsonMember<String> title,
      JsonMember<City> city,
      JsonMember<List<City>> cities,
      Map<String, JsonMember<City>> named,
      JsonMember<JsonNode> any) {}

  @Test
  void aMemberThatMayBeAbsentMayBeNullToo() {
    JsonNode schema = schemas.schemaOf(Shape.of(Change.class));
    open(schema);

    assertThat(schema.path("properties").toString())
        .isEqualTo(
            """
            {"title":{"type":["string","null"]},\
            "city":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/City"}]},\
            "cities":{"type":["array","null"],"items":{"$ref":"#/$defs/City"}},\
            "named":{"type":"object","additionalProperties":\
            {"anyOf":[{"type":"null"},{"$ref":"#/$defs/City"}]}},\
            "any":{"anyOf":[{"type":"null"},{}]}}\
            """);
    assertThat(schema.path("required").toString()).isEqualTo("[\"named\"]");
  }

  @Test
  void recordsInsideRecordsAreDefinedOnce() {
    assertSchema(
        Trip.class,
        """
        {"$defs": {
           "City": {
             "type": "object",
             "properties": {
               "name": {"type": "string"},
               "country": {"type": ["string", "null"]},
               "population": {"type": ["integer", "null"]}},
             "required": ["name"]}},
         "type": "object",
         "properties": {
           "from": {"$ref": "#/$defs/City"},
           "to": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/City"}]},
           "via": {"type": "array", "items": {"$ref": "#/$defs/City"}},
           "named": {"type": "object", "additionalProperties": {"$ref": "#/$defs/City"}}},
         "required": ["from", "via", "named"]}
        """);
  }

  @Test
  void numbersAreIntegersOrNumbers() {
    assertSchema(
        Numbers.class,
        """
        {"type": "object",
         "properties": {
           "i": {"type": "integer"}, "l": {"type": "integer"}, "d": {"type": "number"},
           "b": {"type": "boolean"}, "boxed": {"type": "integer"}, "big": {"type": "number"}},
         "required": ["i", "l", "d", "b", "boxed", "big"]}
        """);
  }

  @Test
  void timesAreTextWithAFormat() {
    assertSchema(
        Times.class,
        """
        {"type": "object",
         "properties": {
           "instant": {"type": "string", "format": "date-time"},
           "date": {"type": "string", "format": "date"},
           "dateTime": {"type": "string", "format": "date-time-local"},
           "time": {"type": "string", "format": "time-local"},
           "duration": {"type": "string", "format": "duration"},
           "year": {"type": "integer"},
           "zone": {"type": "string"}},
         "required": ["instant", "date", "dateTime", "time", "duration", "year", "zone"]}
        """);
  }

  @Test
  void whatTheMapperWritesIsValid() {
    Times times =
        new Times(
            Instant.EPOCH,
            LocalDate.EPOCH,
            LocalDate.EPOCH.atStartOfDay(),
            LocalTime.NOON,
            Duration.ofHours(1),
            Year.of(2026),
            ZoneId.of("Europe/Zurich"));
    Units units = new Units(Unit.IMPERIAL, null, List.of(Unit.values()));
    Odds odds =
        new Odds(
            new byte[] {1},
            new String[] {"a"},
            mapper.createArrayNode(),
            1,
            new UUID(1, 2),
            OptionalInt.empty());

    schemas.validatorFor(Shape.of(Times.class)).check("times", mapper.valueToTree(times));
    schemas.validatorFor(Shape.of(Units.class)).check("units", mapper.valueToTree(units));
    schemas.validatorFor(Shape.of(Odds.class)).check("odds", mapper.valueToTree(odds));
    schemas
        .validatorFor(Shape.of(Ticket.class))
        .check("ticket", mapper.valueToTree(new Ticket(new Id("t"))));
  }

  @Test
  void bytesAreBase64AndJsonIsAnything() {
    assertSchema(
        Odds.class,
        """
        {"type": "object",
         "properties": {
           "bytes": {"type": "string", "contentEncoding": "base64"},
           "texts": {"type": "array", "items": {"type": "string"}},
           "json": {},
           "any": {},
           "uuid": {"type": "string", "format": "uuid"},
           "maybe": {"type": ["integer", "null"]}},
         "required": ["bytes", "texts", "json", "any", "uuid"]}
        """);
  }

  @Test
  void constantsAreNamedAsJsonNamesThem() {
    JsonNode properties = schemas.schemaOf(Shape.of(Units.class)).get("properties");

    assertThat(properties.get("unit"))
        .isEqualTo(mapper.readTree("{\"enum\": [\"METRIC\", \"us\", \"either\"]}"));
    assertThat(properties.at("/other/anyOf/0/type").asString()).isEqualTo("null");
    assertThat(properties.at("/all/items")).isEqualTo(properties.get("unit"));
  }

  @Test
  void aRecordMayContainItself() {
    assertSchema(
        Tree.class,
        """
        {"type": "object",
         "properties": {
           "label": {"type": "string"},
           "children": {"type": "array", "items": {"$ref": "#"}},
           "next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}},
         "required": ["label", "children"]}
        """);
  }

  @Test
  void propertiesHaveTheirJsonNames() {
    assertSchema(
        Renamed.class,
        """
        {"type": "object",
         "properties": {"city_name": {"type": "string"}},
         "required": ["city_name"]}
        """);
  }

  @Test
  void aTypeThatIsWrittenAsOneValueHasItsSchema() {
    assertThat(schemas.schemaOf(Shape.of(Ticket.class)).at("/properties/id/type").asString())
        .isEqualTo("string");
  }

  @Test
  void elementsMayBeNullableToo() {
    JsonNode properties = schemas.schemaOf(Shape.of(Elements.class)).get("properties");

    assertThat(properties.at("/some/items"))
        .isEqualTo(mapper.readTree("{\"type\": [\"string\", \"null\"]}"));
    assertThat(properties.at("/all/items")).isEqualTo(mapper.readTree("{\"type\": \"string\"}"));
  }

  record Holders(
      Map<String, @Nullable String> notes,
      Map<String, @Nullable City> places,
      Map<String, City> cities,
      List<Map<String, @Nullable Integer>> counts,
      List<List<@Nullable String>> rows,
      Optional<List<String>> tags,
      Optional<List<@Nullable String>> gaps,
      Map<String, Optional<String>> maybe,
      JsonMember<List<@Nullable String>> told) {}

  @Test
  void nothingIsNullInsideUnlessItsTypeSaysSo() {
    JsonNode schema = schemas.schemaOf(Shape.of(Holders.class));
    open(schema);

    assertThat(schema.path("properties").toString())
        .isEqualTo(
            """
            {"notes":{"type":"object","additionalProperties":{"type":["string","null"]}},\
            "places":{"type":"object","additionalProperties":\
            {"anyOf":[{"type":"null"},{"$ref":"#/$defs/City"}]}},\
            "cities":{"type":"object","additionalProperties":{"$ref":"#/$defs/City"}},\
            "counts":{"type":"array","items":\
            {"type":"object","additionalProperties":{"type":["integer","null"]}}},\
            "rows":{"type":"array","items":{"type":"array","items":{"type":["string","null"]}}},\
            "tags":{"type":["array","null"],"items":{"type":"string"}},\
            "gaps":{"type":["array","null"],"items":{"type":["string","null"]}},\
            "maybe":{"type":"object","additionalProperties":{"type":["string","null"]}},\
            "told":{"type":["array","null"],"items":{"type":["string","null"]}}}\
            """);
  }

  @Test
  void nothingIsAnObjectWithoutProperties() {
    assertSchema(Nothing.class, "{\"type\": \"object\"}");
  }

  @Test
  void aListHasItemsAndJsonIsAnything() {
    assertThat(schemas.schemaOf(Shape.mapOf(Integer.class)))
        .isEqualTo(
            mapper.readTree(
                "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}}"));
    assertThat(schemas.schemaOf(Shape.listOf(String.class)))
        .isEqualTo(mapper.readTree("{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"));
    assertSchema(JsonNode.class, "{}");
  }

  @Test
  void aGivenSchemaIsReturnedAsItIs() {
    JsonNode given = mapper.readTree("{\"type\": \"object\", \"x-anything\": [1]}");

    assertThat(schemas.schemaOf(Shape.json(given))).isEqualTo(given).isNotSameAs(given);
  }

  @Test
  void changingAReturnedSchemaChangesNoOther() {
    Shape<City> shape = Shape.of(City.class);
    ((tools.jackson.databind.node.ObjectNode) schemas.schemaOf(shape)).removeAll();

    assertThat(schemas.schemaOf(shape).at("/properties/name/type").asString()).isEqualTo("string");
  }

  @Test
  void aRecordHasNoOtherMembersAndAMapHasAny() {
    JsonNode schema = schemas.schemaOf(Shape.of(Atlas.class));

    assertThat(schema.path("additionalProperties").toString()).isEqualTo("false");
    assertThat(schema.at("/properties/cities/additionalProperties").isObject()).isTrue();
    assertThat(schema.path("properties").propertyNames()).containsExactly("cities", "properties");
  }

  record Atlas(java.util.Map<String, City> cities, City properties) {}

  /** Compares all but that records are closed, which has a test of its own. */
  private void assertSchema(Class<?> type, String expected) {
    JsonNode schema = schemas.schemaOf(Shape.of(type));
    open(schema);
    assertThat(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(schema))
        .isEqualTo(
            mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(expected)));
  }

  private static void open(JsonNode schema) {
    if (schema instanceof tools.jackson.databind.node.ObjectNode object
        && object.path("additionalProperties").isBoolean()) {
      object.remove("additionalProperties");
    }
    schema.forEach(SchemaDerivationTest::open);
  }
}
