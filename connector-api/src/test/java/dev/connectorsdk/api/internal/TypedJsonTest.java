package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class TypedJsonTest {

  private static final JsonMapper MAPPER = TypedJson.set(JsonMapper.builder()).build();

  record Numbers(
      @Nullable Byte tiny,
      @Nullable Short small,
      @Nullable Integer whole,
      @Nullable Long large,
      @Nullable BigInteger any,
      @Nullable Float rough,
      @Nullable Double binary,
      OptionalInt perhaps,
      OptionalLong perhapsLarge,
      @Nullable Boolean flag) {}

  record Primitives(int whole, long large, double binary, boolean flag, char letter) {}

  record Renamed(@JsonProperty("n") int number) {}

  record Times(
      @Nullable Instant at,
      @Nullable OffsetDateTime here,
      @Nullable ZonedDateTime there,
      @Nullable LocalDate day,
      @Nullable LocalDateTime local,
      @Nullable Duration took) {}

  record Declared(
      @JsonFormat(
              shape = JsonFormat.Shape.NUMBER,
              without = JsonFormat.Feature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
          Instant at) {}

  record Numbered(
      @JsonFormat(shape = JsonFormat.Shape.NUMBER) boolean flag,
      @JsonFormat(shape = JsonFormat.Shape.NUMBER) @Nullable Boolean other) {}

  record Defaulted(
      @JsonSetter(nulls = Nulls.AS_EMPTY) int whole,
      @JsonSetter(nulls = Nulls.AS_EMPTY) boolean flag) {}

  enum Colour {
    RED,
    @JsonProperty("dark-blue")
    BLUE
  }

  enum Size {
    SMALL,
    @JsonEnumDefaultValue
    UNKNOWN
  }

  record Chosen(@Nullable Colour colour, @Nullable Size size) {}

  record Nested(List<Map<String, Renamed>> all, Optional<Integer> perhaps) {}

  private static final class WithDefault {
    @JsonProperty private int whole = 7;
  }

  private static <T> T read(Class<T> type, String json) {
    T value = MAPPER.readValue(json, type);
    assertThat(MAPPER.treeToValue(MAPPER.readTree(json), type))
        .as("from a tree")
        .usingRecursiveComparison()
        .isEqualTo(value);
    return value;
  }

  private static String refused(Class<?> type, String json) {
    var e = catchThrowableOfType(JacksonException.class, () -> MAPPER.readValue(json, type));
    assertThat(e).as(json).isNotNull();
    var ofTree =
        catchThrowableOfType(
            JacksonException.class, () -> MAPPER.treeToValue(MAPPER.readTree(json), type));
    assertThat(ofTree).as(json).isNotNull();
    assertThat(JsonPointers.of(ofTree)).isEqualTo(JsonPointers.of(e));
    return JsonPointers.of(e);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, 5.7",
    "tiny, 300",
    "small, 5.7",
    "small, 1e9",
    "whole, 5.7",
    "whole, 3000000000",
    "whole, 1e30",
    "large, 5.7",
    "large, 12345678901234567890",
    "any, 5.7",
    "any, 1e999999",
    "any, 1e-999999999",
    "rough, 1e400",
    "binary, 1e400",
    "perhaps, 5.7",
    "perhapsLarge, 5.7",
    "whole, true",
    "flag, 1",
    "flag, 0",
    "whole, '\"5.7\"'",
    "whole, []",
    "whole, [5]"
  })
  void aNumberThatWouldBeChangedIsRefusedWithItsPlace(String member, String value) {
    assertThat(refused(Numbers.class, "{\"%s\":%s}".formatted(member, value)))
        .startsWith("/" + member);
  }

  @SuppressWarnings("ArrayRecordComponent") // An author may do it.
  record MoreNumbers(
      @Nullable Byte tiny,
      @Nullable Double rough,
      double @Nullable [] many,
      float @Nullable [] few,
      OptionalDouble perhaps,
      @Nullable Character letter,
      @Nullable Date date,
      @Nullable Calendar calendar,
      @Nullable LocalTime time,
      @Nullable Year year) {}

  @ParameterizedTest
  @CsvSource({
    "tiny, 200",
    "tiny, '\"200\"'",
    "rough, '\"1e400\"'",
    "perhaps, 1e400",
    "perhaps, -1e400",
    "perhaps, '\"1e400\"'",
    "letter, 65",
    "date, 1700000000",
    "date, '\"1700000000\"'",
    "calendar, 1700000000",
    "time, '\"2024-01-01T10:00\"'",
    "year, 1700000000"
  })
  void whatJacksonWouldMakeOfItIsNotWhatItWas(String member, String value) {
    assertThat(refused(MoreNumbers.class, "{\"%s\":%s}".formatted(member, value)))
        .startsWith("/" + member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"many\":[1,1e400]}", "{\"few\":[1,1e40]}"})
  void noNumberOfAnArrayIsInfiniteThatWasNot(String json) {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> MAPPER.readValue(json, MoreNumbers.class));
  }

  @Test
  void whatIsNotChangedIsRead() {
    MoreNumbers read =
        read(
            MoreNumbers.class,
            "{\"tiny\":\"-128\",\"rough\":\"Infinity\",\"many\":[1.5],\"few\":[1.5],\"perhaps\":1.5,\"letter\":\"a\","
                + "\"date\":\"2024-01-01T00:30:00+02:00\",\"time\":\"10:00\",\"year\":2024}");

    assertThat(read.tiny()).isEqualTo((byte) -128);
    assertThat(read.rough()).isInfinite();
    assertThat(read.many()).containsExactly(1.5);
    assertThat(read.few()).containsExactly(1.5f);
    assertThat(read.perhaps()).hasValue(1.5);
    assertThat(read.date()).isEqualTo(Instant.parse("2023-12-31T22:30:00Z"));
    assertThat(read.year()).isEqualTo(Year.of(2024));
  }

  @Test
  void aWholeNumberIsReadHoweverItIsWritten() {
    Numbers read =
        read(
            Numbers.class,
            "{\"tiny\":5.0,\"small\":5e2,\"whole\":5.0,\"large\":9e15,\"any\":1e20,\"rough\":5,"
                + "\"binary\":5,\"perhaps\":5.0,\"perhapsLarge\":5e3}");

    assertThat(read)
        .isEqualTo(
            new Numbers(
                (byte) 5,
                (short) 500,
                5,
                9_000_000_000_000_000L,
                BigInteger.TEN.pow(20),
                5f,
                5d,
                OptionalInt.of(5),
                OptionalLong.of(5_000),
                null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "large", "binary", "flag", "letter"})
  void aPrimitiveThatIsMissingOrNullIsRefused(String member) {
    String all = "{\"whole\":1,\"large\":1,\"binary\":1,\"flag\":true,\"letter\":\"a\"}";
    String name = "\"" + member + "\":";
    String missing = all.replaceFirst(name + "[^,}]*", "\"other\":0");
    String none = all.replaceFirst(name + "[^,}]*", name + "null");

    assertThat(read(Primitives.class, all)).isEqualTo(new Primitives(1, 1, 1, true, 'a'));
    assertThat(refused(Primitives.class, missing)).isEqualTo("/" + member);
    assertThat(refused(Primitives.class, none)).isEqualTo("/" + member);
  }

  @Test
  void whatIsNoPrimitiveMayBeMissing() {
    assertThat(read(Numbers.class, "{}").whole()).isNull();
    assertThat(read(Numbers.class, "{}").perhaps()).isEmpty();
    assertThat(read(WithDefault.class, "{}").whole).isEqualTo(7);
    assertThat(refused(Renamed.class, "{}")).isEqualTo("/n");
  }

  @ParameterizedTest
  @CsvSource({
    "at, 1700000000000",
    "at, '\"1700000000000\"'",
    "at, 17.5",
    "at, '\"2024-01-01\"'",
    "here, 1700000000",
    "there, 1700000000",
    "day, 19000",
    "day, '\"2024-01-01T23:00:00Z\"'",
    "local, '\"2024-01-01T23:00:00Z\"'",
    "local, '\"2024-01-01T23:00:00+02:00\"'",
    "took, 5",
    "took, '\"5\"'"
  })
  void aTimeThatWouldBeGuessedOrCutIsRefused(String member, String value) {
    assertThat(refused(Times.class, "{\"%s\":%s}".formatted(member, value)))
        .isEqualTo("/" + member);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-01T00:30:00+02:00",
        "2024-01-01T00:30:00+0200",
        "2024-01-01T00:30:00.000+02",
        "2024-01-01t00:30:00+02:00"
      })
  void anOffsetIsReadInEachFormAndKept(String time) {
    Times read =
        read(
            Times.class,
            "{\"at\":\"%s\",\"here\":\"%s\",\"there\":\"%s\"}".formatted(time, time, time));

    assertThat(read.at()).isEqualTo("2023-12-31T22:30:00Z");
    assertThat(read.here()).isEqualTo(OffsetDateTime.parse("2024-01-01T00:30:00+02:00"));
    assertThat(MAPPER.readTree(MAPPER.writeValueAsString(read)).path("here").asString())
        .isEqualTo("2024-01-01T00:30:00+02:00");
    assertThat(MAPPER.valueToTree(read).path("there").asString())
        .isEqualTo("2024-01-01T00:30:00+02:00");
  }

  @Test
  void whatIsSentAsANumberByItsAuthorsWordIsRead() {
    assertThat(read(Declared.class, "{\"at\":1700000000000}").at())
        .isEqualTo("2023-11-14T22:13:20Z");
  }

  @Test
  void aBooleanIsANumberByItsAuthorsWordAlone() {
    Numbered read = read(Numbered.class, "{\"flag\":1,\"other\":0}");

    assertThat(read).isEqualTo(new Numbered(true, false));
    assertThat(MAPPER.writeValueAsString(read)).isEqualTo("{\"flag\":1,\"other\":0}");
    assertThat(read(Numbered.class, "{\"flag\":true}")).isEqualTo(new Numbered(true, null));
    assertThat(refused(Numbered.class, "{\"flag\":2}")).isEqualTo("/flag");
    assertThat(refused(Numbered.class, "{\"flag\":null}")).isEqualTo("/flag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"whole\":null,\"flag\":null}"})
  void aPrimitiveIsZeroWhereItsAuthorSaysSo(String nothing) {
    assertThat(read(Defaulted.class, nothing)).isEqualTo(new Defaulted(0, false));
  }

  @Test
  void anEnumHasTheNamesThatItDeclares() {
    assertThat(read(Chosen.class, "{\"colour\":\"dark-blue\",\"size\":\"HUGE\"}"))
        .isEqualTo(new Chosen(Colour.BLUE, Size.UNKNOWN));
    assertThat(refused(Chosen.class, "{\"colour\":\"GREEN\"}")).isEqualTo("/colour");
    assertThat(refused(Chosen.class, "{\"colour\":0}")).isEqualTo("/colour");
    assertThat(refused(Chosen.class, "{\"colour\":\"red\"}")).isEqualTo("/colour");
  }

  @Test
  void aPlaceIsNamedWithoutTheKeysOfMaps() {
    assertThat(refused(Nested.class, "{\"all\":[{\"s3cret\":{\"n\":5.7}}]}"))
        .isEqualTo("/all/0/*/n");
    assertThat(refused(Nested.class, "{\"all\":[],\"perhaps\":5.7}")).isEqualTo("/perhaps");
  }
}
