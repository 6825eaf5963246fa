package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InputValidatorTest {

  private static final String WHAT = "action 'plan'";

  private final JsonMapper mapper = JsonSettings.newMapper();
  private final Schemas schemas = new Schemas(mapper);

  record City(String name, @Nullable String country) {}

  @SuppressWarnings("ArrayRecordComponent") // An author may do it.
  record Plan(
      String title,
      int days,
      City start,
      @Nullable City end,
      List<City> stops,
      Map<String, City> friends,
      Optional<City> detour,
      City[] others,
      @JsonProperty("contact_mail") String contactMail) {}

  record Visit(String who, City city, List<City> next, Optional<City> last) {}

  record Tree(List<Tree> children) {}

  record Tags(List<@Nullable String> some, List<String> all) {}

  record Box<T>(T content) {}

  @Test
  void reportsEveryFaultOfJsonWithItsPath() {
    JsonNode input =
        json(
            """
            {"title": 7, "days": "three", "start": {"country": 41}, "stops": [{"name": "Bern"}, {}],
             "friends": {"a/b": {"name": null}}, "others": {}}
            """);

    assertThat(faultsOfJson(Shape.of(Plan.class), input))
        .containsExactlyInAnyOrder(
            new Fault("/title", "must be string, but is integer"),
            new Fault("/days", "must be integer, but is string"),
            new Fault("/start/name", "is required"),
            new Fault("/start/country", "must be string or null, but is integer"),
            new Fault("/stops/1/name", "is required"),
            new Fault("/friends/a~1b/name", "must be string, but is null"),
            new Fault("/others", "must be array, but is object"),
            new Fault("/contact_mail", "is required"));
  }

  @Test
  void aKeywordOfSomebodyElseIsANoteAndNotLogged() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Level before = root.getLevel();
    root.setLevel(Level.INFO);
    root.addAppender(lines);
    try {
      Shape<JsonNode> shape =
          Shape.json(
              json("{\"type\":\"object\",\"x-ms-visibility\":\"internal\",\"required\":[\"a\"]}"));

      assertThat(faultsOfJson(shape, json("{}"))).containsExactly(new Fault("/a", "is required"));
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }
    assertThat(lines.list).isEmpty();
  }

  @Test
  void theMessageSaysWhatWhereAndWhichRule() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> schemas.validatorFor(Shape.of(City.class)).check("action 'find'", json("{}")))
        .withMessage("Invalid input for action 'find': /name: is required");
  }

  @Test
  void faultsNeverHoldTheValue() {
    JsonNode schema =
        json(
            """
            {"properties": {
              "a": {"type": "integer"}, "b": {"enum": ["x", "y"]}, "c": {"const": 1},
              "d": {"pattern": "^[0-9]+$"}, "e": {"maxLength": 3}, "f": {"not": {}}, "g": false,
              "h": {"oneOf": [{"type": "string"}, {"minLength": 1}]}, "i": {"maximum": 3},
              "j": {"items": {"type": "integer"}, "uniqueItems": true},
              "k": {"contains": {"const": 1}}, "l": {"multipleOf": 2}, "m": {"minLength": 50}}}
            """);
    JsonNode input =
        json(
            """
            {"a": "s3cret", "b": "s3cret", "c": "s3cret", "d": "s3cret", "e": "s3cret",
             "f": "s3cret", "g": "s3cret", "h": "s3cret", "i": 7771777,
             "j": ["s3cret", "s3cret"], "k": ["s3cret"], "l": 7771777, "m": "s3cret"}
            """);

    List<Fault> faults = faultsOfJson(Shape.json(schema), input);

    assertThat(faults).extracting(Fault::path).contains("/a", "/b", "/c", "/d", "/e", "/f", "/g");
    assertThat(faults).extracting(Fault::path).contains("/h", "/i", "/j", "/k", "/l", "/m");
    assertThat(faults.toString()).doesNotContain("s3cret").doesNotContain("7771777");
  }

  @Test
  void aLongListOfChoicesIsCut() {
    List<Integer> choices = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      choices.add(i);
    }
    JsonNode schema = mapper.valueToTree(Map.of("enum", choices));

    assertThat(faultsOfJson(Shape.json(schema), json("-1")))
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.problem())
                    .startsWith("must be one of 0, 1, 2,")
                    .endsWith("19, ... (1000 in all)"));
  }

  @Test
  void aMisspeltMemberOfARecordIsNamed() {
    assertThat(faultsOfJson(Shape.of(City.class), json("{\"name\": \"Bern\", \"contry\": \"CH\"}")))
        .containsExactly(new Fault("/contry", "is not a known property"));
  }

  @Test
  void aPropertyThatASchemaForbidsIsNamed() {
    JsonNode schema = json("{\"properties\": {\"a\": {}}, \"additionalProperties\": false}");

    assertThat(faultsOfJson(Shape.json(schema), json("{\"a\": 1, \"b\": 2}")))
        .containsExactly(new Fault("/b", "is not a known property"));
  }

  @Test
  void formatsAreNotesForPeople() {
    check(Shape.json(json("{\"type\": \"string\", \"format\": \"email\"}")), json("\"nobody\""));
  }

  @Test
  void aCompleteRecordIsFine() {
    schemas.validatorFor(Shape.of(Plan.class)).checkTyped(WHAT, completePlan());
    schemas.validatorFor(Shape.of(Nothing.class)).checkTyped(WHAT, Nothing.NOTHING);
  }

  @Test
  void reportsEverythingMissingInARecordWithItsPath() {
    City nameless = new City(null, null);
    Map<String, City> friends = new LinkedHashMap<>();
    friends.put("a/b", nameless);
    friends.put("c", null);
    Plan plan =
        new Plan(
            null,
            0,
            nameless,
            nameless,
            Arrays.asList(new City("Bern", null), null, nameless),
            friends,
            Optional.of(nameless),
            new City[] {null},
            null);

    assertThat(faultsOfTyped(Shape.of(Plan.class), plan))
        .containsExactly(
            new Fault("/title", "is required"),
            new Fault("/start/name", "is required"),
            new Fault("/end/name", "is required"),
            new Fault("/stops/1", "is required"),
            new Fault("/stops/2/name", "is required"),
            new Fault("/friends/a~1b/name", "is required"),
            new Fault("/friends/c", "is required"),
            new Fault("/detour/name", "is required"),
            new Fault("/others/0", "is required"),
            new Fault("/contact_mail", "is required"));
  }

  @Test
  @SuppressWarnings("NullOptional") // A caller may do it.
  void whatMayBeMissingMayBeMissing() {
    Plan plan =
        new Plan(
            "Trip",
            1,
            new City("Bern", null),
            null,
            List.of(),
            Map.of(),
            null,
            new City[0],
            "ada@example.com");

    schemas.validatorFor(Shape.of(Plan.class)).checkTyped(WHAT, plan);
    schemas
        .validatorFor(Shape.of(Tags.class))
        .checkTyped(WHAT, new Tags(Arrays.asList("a", null), List.of("b")));
  }

  @Test
  void elementsAreRequiredUnlessTheyAreNullable() {
    assertThat(
            faultsOfTyped(
                Shape.of(Tags.class),
                new Tags(Arrays.asList(null, null), Arrays.asList("b", null))))
        .containsExactly(new Fault("/all/1", "is required"));
  }

  @Test
  void aListOfRecordsIsCheckedToo() {
    assertThat(
            faultsOfTyped(
                Shape.listOf(City.class), List.of(new City("Bern", null), new City(null, null))))
        .containsExactly(new Fault("/1/name", "is required"));
  }

  @Test
  void aGenericRecordIsChecked() {
    assertThat(faultsOfTyped(Shape.of(Box.class), new Box<>(null)))
        .containsExactly(new Fault("/content", "is required"));
  }

  @Test
  void aListThatContainsItselfEndsInAFault() {
    List<Tree> children = new ArrayList<>();
    Tree tree = new Tree(children);
    children.add(tree);

    assertThat(faultsOfTyped(Shape.of(Tree.class), tree))
        .singleElement()
        .extracting(Fault::problem)
        .isEqualTo("is nested deeper than 200 levels");
  }

  @Test
  void aValueOfAnotherTypeIsAFault() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Shape<Object> shape = (Shape) Shape.of(City.class);

    assertThat(faultsOfTyped(shape, "Bern"))
        .containsExactly(
            new Fault("", "must be " + City.class.getName() + ", but is java.lang.String"));
  }

  @Test
  void jsonGivenAsTypedInputIsCheckedAgainstTheSchema() {
    Shape<JsonNode> shape = Shape.json(json("{\"type\": \"object\", \"required\": [\"a\"]}"));

    assertThat(faultsOfTyped(shape, json("{}"))).containsExactly(new Fault("/a", "is required"));
  }

  @Test
  void typesWithoutRecordsAreTakenAsTheyAre() {
    schemas.validatorFor(Shape.of(String.class)).checkTyped(WHAT, "Bern");
    schemas.validatorFor(Shape.of(JsonNode.class)).checkTyped(WHAT, json("[]"));
  }

  @Test
  void aCompleteRecordIsCheckedWithoutAllocation() {
    City bern = new City("Bern", null);
    Visit visit = new Visit("Ada", bern, new ArrayList<>(List.of(bern, bern)), Optional.of(bern));
    InputValidator<Visit> validator = schemas.validatorFor(Shape.of(Visit.class));
    for (int i = 0; i < 20_000; i++) {
      validator.checkTyped(WHAT, visit);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      validator.checkTyped(WHAT, visit);
    }

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("less than one object in each of 10,000 checks")
        .isLessThan(10_000 * 8L);
  }

  @Test
  void readsValidJsonAsTheShapesType() {
    assertThat(schemas.validatorFor(Shape.of(City.class)).read(WHAT, json("{\"name\": \"Bern\"}")))
        .isEqualTo(new City("Bern", null));
    assertThat(
            schemas
                .validatorFor(Shape.listOf(City.class))
                .read(WHAT, json("[{\"name\": \"Bern\"}]")))
        .containsExactly(new City("Bern", null));
  }

  @Test
  void jsonThatFitsTheSchemaButNotTheTypeIsAFaultWithoutTheValue() {
    JsonNode input = mapper.valueToTree(completePlan());
    ((tools.jackson.databind.node.ObjectNode) input).put("days", 98765432109876L);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> schemas.validatorFor(Shape.of(Plan.class)).read(WHAT, input))
        .withMessage("Invalid input for action 'plan': /days: does not fit its type")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/schema.json",
        "http://127.0.0.1:%d/schema.json",
        "file:///etc/passwd",
        "jar:file:///x.jar!/schema.json",
        "\\\\host\\share",
        "other.json#/$defs/A",
        "//example.com/a",
        "classpath:schema.json"
      })
  @Tag("H1")
  void aReferenceOutOfTheSchemaIsRefusedWithItsPlace(String target) {
    JsonNode schema =
        mapper.valueToTree(
            Map.of("type", "object", "properties", Map.of("a/b", Map.of("$ref", target))));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> schemas.validatorFor(Shape.json(schema)))
        .withMessage(
            "The reference at /properties/a~1b/$ref leads out of the schema; only #/... is"
                + " followed");
  }

  @Test
  @Tag("H1")
  void anIdOrDialectThatNamesAServerIsNotFetched(@TempDir Path folder) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      String here = "http://127.0.0.1:" + server.getAddress().getPort();
      Path file = Files.writeString(folder.resolve("s.json"), "{\"type\": \"string\"}");
      for (String schema :
          List.of(
              "{\"$id\": \"%s/a\", \"$ref\": \"#/$defs/b\", \"$defs\": {\"b\": {}}}",
              "{\"$schema\": \"%s/a\"}",
              "{\"$id\": \"%s/a\", \"$ref\": \"#anchor\"}",
              "{\"$id\": \"%s/a\", \"$dynamicRef\": \"#anchor\"}",
              "{\"$id\": \"" + file.toUri() + "\", \"$ref\": \"#x\"}")) {
        try {
          check(Shape.json(json(schema.formatted(here))), json("\"a\""));
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageStartingWith("Not a JSON Schema of 2020-12");
        }
      }
    } finally {
      server.stop(0);
    }

    assertThat(requests).hasValue(0);
  }

  @Test
  void aReferenceToNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schemas.validatorFor(Shape.json(json("{\"$ref\": \"#/$defs/A\"}"))))
        .withMessage("The reference at /$ref leads to nothing: #/$defs/A");
  }

  @Test
  void aPropertyOrValueThatIsCalledLikeAReferenceIsNone() {
    JsonNode schema =
        json(
            """
            {"properties": {"$ref": {"type": "string"}, "const": {"type": "string"}},
             "default": {"$ref": "https://example.com"}}
            """);

    assertThat(faultsOfJson(Shape.json(schema), json("{\"$ref\": 1, \"const\": 1}")))
        .extracting(Fault::path)
        .containsExactly("/$ref", "/const");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "{\"pattern\": \"(\"}", "{\"$schema\": \"urn:other\"}"})
  void whatIsNoSchemaIsRefused(String schema) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schemas.validatorFor(Shape.json(json(schema))))
        .withMessageStartingWith("Not a JSON Schema of 2020-12: ");
  }

  @Test
  void schemasWithTheSameIdDoNotReplaceEachOther() {
    Shape<JsonNode> text = Shape.json(json("{\"$id\": \"https://a.b/c\", \"type\": \"string\"}"));
    Shape<JsonNode> number = Shape.json(json("{\"$id\": \"https://a.b/c\", \"type\": \"number\"}"));

    check(text, json("\"a\""));
    check(number, json("1"));
    assertThat(faultsOfJson(text, json("1"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "^(a|aa)+$",
        "^(.*a){25}$",
        "(a+a+)+y",
        "(.*)*x",
        "^((a*)*)*b$",
        "^(a+){2,}b\\1"
      })
  @Tag("H2")
  @Timeout(5)
  void aPatternThatBacktracksForEverIsGivenUp(String pattern) {
    JsonNode schema = mapper.valueToTree(Map.of("pattern", pattern));

    assertThat(faultsOfJson(Shape.json(schema), mapper.valueToTree("a".repeat(50) + "!")))
        .singleElement()
        .extracting(Fault::problem)
        .isIn(
            "must match the pattern " + pattern,
            "cannot be checked against the pattern '" + pattern + "' in time");
  }

  @Test
  @Tag("H2")
  @Timeout(5)
  void aPatternThatIsGivenUpNeverCountsAsPassed() {
    String text = "{\"%s!\": 1}".formatted("a".repeat(50));
    JsonNode named = json("{\"patternProperties\": {\"^(.*a){25}$\": false}}");
    JsonNode negated = json("{\"not\": {\"pattern\": \"^(.*a){25}$\"}}");

    assertThat(faultsOfJson(Shape.json(named), json(text))).hasSize(1);
    assertThat(faultsOfJson(Shape.json(negated), mapper.valueToTree("a".repeat(50) + "!")))
        .hasSize(1);
  }

  @Test
  @Tag("H2")
  @Timeout(5)
  void aPatternThatNeedsTooMuchStackIsGivenUp() {
    JsonNode schema = json("{\"pattern\": \"^(a|b)*$\"}");

    assertThat(faultsOfJson(Shape.json(schema), mapper.valueToTree("ab".repeat(200_000))))
        .hasSize(1);
    check(Shape.json(schema), mapper.valueToTree("ab".repeat(100)));
  }

  @Test
  void theEndOfAPatternIsTheEndOfTheText() {
    JsonNode schema = json("{\"pattern\": \"^a$\"}");

    check(Shape.json(schema), json("\"a\""));
    assertThat(faultsOfJson(Shape.json(schema), json("\"a\\n\""))).hasSize(1);
    check(Shape.json(json("{\"pattern\": \"a\\\\$\"}")), json("\"a$b\""));
  }

  @Test
  @Tag("H2")
  @Timeout(5)
  void aSchemaThatOnlyLeadsToItselfEnds() {
    assertThat(faultsOfJson(Shape.json(json("{\"$ref\": \"#\"}")), json("1")))
        .containsExactly(new Fault("", "is too deep or too large to be checked"));
  }

  @Test
  @Tag("H2")
  @Timeout(20)
  void aSchemaThatBranchesWithoutEndEnds() {
    JsonNode schema =
        json(
            """
            {"$defs": {"a": {"anyOf": [{"items": {"$ref": "#/$defs/a"}},
                                       {"items": {"$ref": "#/$defs/a"}}], "not": {}}},
             "$ref": "#/$defs/a"}
            """);

    assertThat(faultsOfJson(Shape.json(schema), json("[".repeat(100) + "]".repeat(100))))
        .isNotEmpty();
  }

  @Test
  void theDeepestAllowedDocumentCanBeChecked() {
    String document = "{\"children\":[".repeat(100) + "]}".repeat(100);

    check(Shape.of(Tree.class), json(document));
  }

  @Test
  void aHundredThousandFaultsAreCutToAThousand() {
    JsonNode schema = json("{\"items\": {\"type\": \"string\"}}");
    JsonNode input = json("[" + "1,".repeat(99_999) + "1]");

    assertThat(faultsOfJson(Shape.json(schema), input))
        .hasSize(1_001)
        .endsWith(new Fault("", "and more"));
  }

  @Test
  void oneValidatorServesSeveralThreads() throws Exception {
    InputValidator<Plan> validator = schemas.validatorFor(Shape.of(Plan.class));
    JsonNode good = mapper.valueToTree(completePlan());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        counts.add(
            threads.submit(
                () -> {
                  int faults = 0;
                  for (int i = 0; i < 200; i++) {
                    validator.check(WHAT, good);
                    faults += faultsOfJson(Shape.of(City.class), json("{}")).size();
                  }
                  return faults;
                }));
      }
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Plan completePlan() {
    City bern = new City("Bern", null);
    return new Plan(
        "Trip",
        1,
        bern,
        bern,
        new ArrayList<>(List.of(bern, bern)),
        Map.of(),
        Optional.of(bern),
        new City[] {bern},
        "ada@example.com");
  }

  private JsonNode json(String text) {
    return mapper.readTree(text);
  }

  private void check(Shape<?> shape, JsonNode input) {
    schemas.validatorFor(shape).check(WHAT, input);
  }

  private List<Fault> faultsOfJson(Shape<?> shape, JsonNode input) {
    return catchThrowableOfType(InvalidInputException.class, () -> check(shape, input)).faults();
  }

  private List<Fault> faultsOfTyped(Shape<?> shape, Object input) {
    return catchThrowableOfType(
            InvalidInputException.class, () -> schemas.validatorFor(shape).checkTyped(WHAT, input))
        .faults();
  }
}
