package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.connectorsdk.api.JsonMember;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Titled;
import dev.connectorsdk.api.error.InvalidInputException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.validation.constraints.DecimalMax;
import javax.validation.constraints.DecimalMin;
import javax.validation.constraints.Email;
import javax.validation.constraints.Max;
import javax.validation.constraints.Min;
import javax.validation.constraints.Negative;
import javax.validation.constraints.NotBlank;
import javax.validation.constraints.NotEmpty;
import javax.validation.constraints.NotNull;
import javax.validation.constraints.Pattern;
import javax.validation.constraints.Positive;
import javax.validation.constraints.PositiveOrZero;
import javax.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What authors say of records and their components, in the schemas that are derived. */
class DeclaredNotesTest {

  private final JsonMapper mapper = JsonSettings.newMapper();
  private final Schemas schemas = new Schemas(mapper);

  @Titled("Search")
  @JsonClassDescription("Looks for tickets.")
  record Search(
      @Titled("Text") @JsonPropertyDescription("What to look for.") String text,
      @JsonPropertyDescription("Where to look.") @Nullable Place place,
      @Titled("Tags") List<String> tags,
      @Titled("Due") JsonMember<String> due) {}

  @JsonClassDescription("A place.")
  record Place(String city) {}

  @Test
  void titlesAndDescriptionsAreInTheSchema() {
    JsonNode schema = schemas.schemaOf(Shape.of(Search.class));

    assertThat(schema.path("title").asString("")).isEqualTo("Search");
    assertThat(schema.path("description").asString("")).isEqualTo("Looks for tickets.");
    assertThat(schema.at("/properties/text"))
        .isEqualTo(json("{'type':'string','title':'Text','description':'What to look for.'}"));
    assertThat(schema.at("/properties/place/description").asString("")).isEqualTo("Where to look.");
    assertThat(schema.at("/properties/tags/title").asString("")).isEqualTo("Tags");
    assertThat(schema.at("/properties/tags/items")).isEqualTo(json("{'type':'string'}"));
    assertThat(schema.at("/properties/due/title").asString("")).isEqualTo("Due");
    assertThat(schema.at("/properties/place/properties"))
        .isEqualTo(json("{'city':{'type':'string'}}"));
  }

  @SuppressWarnings("ArrayRecordComponent") // An author may do it.
  record Limited(
      @Size(min = 1, max = 3) @Nullable String text,
      @Size(max = 2) List<@Size(min = 2) String> list,
      @Size(max = 2) String[] array,
      @NotEmpty Map<String, Integer> map,
      Map<@Size(max = 2) String, @Size(max = 3) String> values,
      Optional<@Size(max = 2) List<String>> wrapped,
      @Min(1) @Max(9) int number,
      @DecimalMin(value = "0.5", inclusive = false) @DecimalMax("1.5") BigDecimal decimal,
      @Positive long positive,
      @PositiveOrZero Integer notNegative,
      @Negative int negative,
      @Pattern(regexp = "a+|b") String pattern,
      @Pattern(regexp = "a", flags = Pattern.Flag.CASE_INSENSITIVE) String flagged,
      @NotBlank @Size(max = 9) String notBlank,
      @Email String email,
      @NotNull String notNull,
      @Size(max = 3) Optional<String> maybe,
      Optional<@Size(max = 4) String> inside,
      @Size(max = 5) JsonMember<String> member,
      JsonMember<@Min(6) Integer> count) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text | {'type':['string','null'],'minLength':1,'maxLength':3}",
        "list | {'maxItems':2,'type':'array','items':{'type':'string','minLength':2}}",
        "array | {'maxItems':2,'type':'array','items':{'type':'string'}}",
        "map | {'type':'object','additionalProperties':{'type':'integer'},'minProperties':1}",
        "values | {'type':'object','additionalProperties':{'type':'string','maxLength':3}}",
        "wrapped | {'type':['array','null'],'items':{'type':'string'},'maxItems':2}",
        "number | {'type':'integer','minimum':1,'maximum':9}",
        "decimal | {'type':'number','exclusiveMinimum':0.5,'maximum':1.5}",
        "positive | {'type':'integer','exclusiveMinimum':0}",
        "notNegative | {'type':'integer','minimum':0}",
        "negative | {'type':'integer','exclusiveMaximum':0}",
        "pattern | `{'type':'string','pattern':'^(?:a+|b)$'}`",
        "flagged | {'type':'string'}",
        "notBlank | {'type':'string','pattern':'\\\\S','maxLength':9}",
        "email | {'type':'string','format':'email'}",
        "notNull | {'type':'string'}",
        "maybe | {'type':['string','null'],'maxLength':3}",
        "inside | {'type':['string','null'],'maxLength':4}",
        "member | {'type':['string','null'],'maxLength':5}",
        "count | {'type':['integer','null'],'minimum':6}"
      })
  void limitsOfBeanValidationAreInTheSchema(String member, String expected) {
    JsonNode schema = schemas.schemaOf(Shape.of(Limited.class));

    assertThat(schema.path("properties").path(member)).hasToString(json(expected).toString());
  }

  record Page(@Max(100) int size, @Nullable List<@Size(max = 2) String> tags) {}

  record Named(Map<String, @Size(max = 2) String> names) {}

  record Query(Page page) {}

  @Test
  void valuesOfTheirOwnTypeKeepToTheLimitsToo() {
    InputValidator<Query> validator = schemas.validatorFor(Shape.of(Query.class));

    assertThatCode(() -> validator.checkTyped("query", new Query(new Page(100, List.of("a")))))
        .doesNotThrowAnyException();
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.checkTyped("query", new Query(new Page(101, null))))
        .withMessageContaining("/page/size");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.checkTyped("query", new Query(new Page(1, List.of("long")))))
        .withMessageContaining("/page/tags/0");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.read("query", json("{'page':{'size':101}}")))
        .withMessageContaining("/page/size");
  }

  @Test
  void theValuesOfAMapKeepToTheirLimits() {
    InputValidator<Named> validator = schemas.validatorFor(Shape.of(Named.class));

    assertThatCode(() -> validator.checkTyped("named", new Named(Map.of("longer", "a"))))
        .doesNotThrowAnyException();
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.checkTyped("named", new Named(Map.of("a", "longer"))))
        .withMessageContaining("/names/a");
  }

  enum State {
    OPEN,
    CLOSED,
    @JsonEnumDefaultValue
    OTHER
  }

  @Test
  void anEnumWithAConstantForTheRestTakesAnyText() {
    JsonNode schema = schemas.schemaOf(Shape.of(State.class));
    InputValidator<State> validator = schemas.validatorFor(Shape.of(State.class));

    assertThat(schema)
        .isEqualTo(json("{'anyOf':[{'enum':['OPEN','CLOSED','OTHER']},{'type':'string'}]}"));
    assertThat(validator.read("state", json("'WAITING'"))).isEqualTo(State.OTHER);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.read("state", json("1")));
  }

  private JsonNode json(String text) {
    return mapper.readTree(text.replace('\'', '"'));
  }
}
