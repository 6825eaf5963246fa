package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.InvalidInputException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types that stand for several. */
class VariantsTest {

  private final JsonMapper mapper = JsonSettings.newMapper();
  private final Schemas schemas = new Schemas(mapper);

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  sealed interface Figure permits Circle, Polygon {}

  @JsonTypeName("circle")
  record Circle(double radius) implements Figure {}

  sealed interface Polygon extends Figure permits Square, Group {}

  @JsonTypeName("square")
  record Square(double side, @Nullable Figure inside) implements Polygon {}

  @JsonTypeName("group")
  record Group(List<Figure> figures) implements Polygon {}

  record Drawing(Figure figure, List<Figure> more) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Cat.class, name = "cat"),
    @JsonSubTypes.Type(value = Dog.class)
  })
  interface Animal {}

  record Cat(int lives) implements Animal {}

  record Dog(String name) implements Animal {}

  @JsonSubTypes({@JsonSubTypes.Type(NamesItself.class), @JsonSubTypes.Type(Other.class)})
  interface NamesItself {}

  record Other(int a) implements NamesItself {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = As.WRAPPER_OBJECT)
  sealed interface Wrapped permits One, Two {}

  record One(int a) implements Wrapped {}

  record Two(String b) implements Wrapped {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = As.WRAPPER_ARRAY)
  sealed interface Listed permits First {}

  record First(int a) implements Listed {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
  sealed interface Deduced permits ByMail, ByPhone {}

  record ByMail(String address) implements Deduced {}

  record ByPhone(String number) implements Deduced {}

  @JsonTypeInfo(
      use = JsonTypeInfo.Id.NAME,
      property = "type",
      include = As.EXISTING_PROPERTY,
      visible = true)
  @JsonSubTypes(@JsonSubTypes.Type(value = Told.class, name = "told"))
  sealed interface Telling permits Told {}

  record Told(String type, int a) implements Telling {}

  sealed interface Plain permits PlainText, PlainNumber {}

  record PlainText(String text) implements Plain {}

  record PlainNumber(int number) implements Plain {}

  static Stream<Object> values() {
    return Stream.of(
        new Circle(1),
        new Square(2, new Circle(1)),
        new Group(List.of(new Circle(1), new Square(2, null))),
        new Cat(9),
        new Dog("Rex"),
        new One(1),
        new Two("b"),
        new First(1),
        new ByMail("a"),
        new ByPhone("b"),
        new Told("told", 1));
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatTheMapperWritesIsValidAndReadAgain(Object value) {
    Class<?> common = value.getClass().getInterfaces()[0];
    JsonNode json = mapper.readTree(mapper.writerFor(common).writeValueAsString(value));

    assertThat((Object) schemas.validatorFor(Shape.of(common)).read("value", json))
        .isEqualTo(value);
  }

  @Test
  void aTypeThatNamesItselfStandsForTheOthers() {
    assertThat(Variants.of(NamesItself.class)).containsExactly(Other.class);
  }

  @Test
  void aSealedInterfaceIsOneOfItsRecords() {
    JsonNode schema = schemas.schemaOf(Shape.of(Drawing.class));

    assertThat(schema.at("/$defs/Circle"))
        .isEqualTo(
            json(
                "{'type':'object','properties':{'kind':{'const':'circle'},'radius':{'type':"
                    + "'number'}},'required':['kind','radius'],'additionalProperties':false}"));
    assertThat(schema.at("/properties/figure/anyOf"))
        .isEqualTo(
            json("[{'$ref':'#/$defs/Circle'},{'$ref':'#/$defs/Square'},{'$ref':'#/$defs/Group'}]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'figure':{'kind':'circle'},'more':[]}",
        "{'figure':{'kind':'oval','radius':1},'more':[]}",
        "{'figure':{'radius':1},'more':[]}",
        "{'figure':{'kind':'circle','radius':1,'side':2},'more':[]}",
        "{'figure':{'kind':'square','side':1,'inside':{'kind':'circle'}},'more':[]}"
      })
  void whatIsNoneOfThemIsRefused(String json) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> schemas.validatorFor(Shape.of(Drawing.class)).read("drawing", json(json)))
        .withMessageContaining("/figure");
  }

  @Test
  @SuppressWarnings("NullAway") // That is the point.
  void whatIsMissingInARecordIsFoundWhateverItStandsFor() {
    InputValidator<Note> validator = schemas.validatorFor(Shape.of(Note.class));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> validator.checkTyped("note", new Note(List.of(new PlainText(null)))))
        .withMessage("Invalid input for note: /parts/0/text: is required");
  }

  record Note(List<Plain> parts) {}

  @Test
  void withoutAWayToTellThemApartItCanBeWritten() {
    JsonNode schema = schemas.schemaOf(Shape.of(Note.class));

    assertThat(schema.at("/properties/parts/items/anyOf")).hasSize(2);
  }

  private JsonNode json(String text) {
    return mapper.readTree(text.replace('\'', '"'));
  }
}
