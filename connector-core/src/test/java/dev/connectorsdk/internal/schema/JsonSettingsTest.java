package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.api.Secret;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSettingsTest {

  private static final long MAX_ALLOCATION = 64L * 1024 * 1024;

  private final JsonMapper mapper = JsonSettings.newMapper();

  record City(String name) {}

  record Login(String user, Secret password) {}

  static Stream<Arguments> hostileDocuments() {
    return Stream.of(
        Arguments.of("five million objects", "[" + "{},".repeat(5_000_000) + "{}]"),
        Arguments.of("201 levels of arrays", "[".repeat(201) + "]".repeat(201)),
        Arguments.of("201 levels of objects", "{\"a\":".repeat(201) + "1" + "}".repeat(201)),
        Arguments.of("a number of 1,001 digits", "1".repeat(1_001)),
        Arguments.of("a name of 1,001 characters", "{\"" + "n".repeat(1_001) + "\":1}"),
        Arguments.of("an exponent that no number has", "{\"n\":[26e6666666666666]}"),
        Arguments.of("a second document", "{} {}"),
        Arguments.of("text after the document", "{}x"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileDocuments")
  @Tag("E15")
  void refusesAHostileDocumentAtLittleCost(String name, String document) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> mapper.readTree(document));

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATION);
  }

  @Test
  @Tag("E15")
  void anExponentThatNoNumberHasIsRefusedForRecordsToo() {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.readValue("[1e99999999999]", BigDecimal[].class));
  }

  @Test
  @Tag("E15")
  void acceptsWhatIsJustWithinTheLimits() {
    assertThat(mapper.readTree("[".repeat(200) + "]".repeat(200)).isArray()).isTrue();
    assertThat(mapper.readTree("1".repeat(1_000)).isIntegralNumber()).isTrue();
  }

  @Test
  @Tag("E15")
  void aNumberWithAHugeExponentIsKeptAsItIsAndNeverWrittenOut() {
    JsonNode number = mapper.readTree("{\"n\":1e1000000000}").get("n");

    assertThat(number.decimalValue()).isEqualTo(new BigDecimal("1e1000000000"));
    assertThat(mapper.writeValueAsString(number)).isEqualTo("1E+1000000000");
    // The oldest Jackson lets Java's own exception through.
    assertThatThrownBy(number::bigIntegerValue)
        .isInstanceOfAny(JacksonException.class, ArithmeticException.class);
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.readValue("1e1000000000", BigInteger.class));
  }

  @Test
  void fractionsKeepAllTheirDigits() {
    JsonNode tree = mapper.readTree("[0.10000000000000000000000000001]");

    assertThat(mapper.writeValueAsString(tree)).isEqualTo("[0.10000000000000000000000000001]");
  }

  @Test
  void propertiesThatATypeDoesNotHaveAreIgnored() {
    assertThat(mapper.readValue("{\"name\":\"Bern\",\"new\":1}", City.class))
        .isEqualTo(new City("Bern"));
  }

  @Test
  void theLastOfSeveralEqualNamesCounts() {
    assertThat(mapper.readValue("{\"name\":\"Bern\",\"name\":\"Basel\"}", City.class))
        .isEqualTo(new City("Basel"));
  }

  @Test
  void timesAreWrittenAsIsoText() {
    assertThat(
            mapper.writeValueAsString(
                List.of(Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(90))))
        .isEqualTo("[\"2026-01-01T00:00:00Z\",\"PT1H30M\"]");
  }

  @Test
  @Tag("C9")
  void aSecretIsNeitherWrittenNorRead() {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.writeValueAsString(new Login("ada", Secret.of("s3cret"))))
        .withMessageContaining("A Secret is not written as JSON")
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.valueToTree(Map.of("p", Secret.of("s3cret"))));
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(
            () -> mapper.readValue("{\"user\":\"ada\",\"password\":\"s3cret\"}", Login.class))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
  }

  @Test
  @Tag("H9")
  void aTypeNamedInADocumentIsNotMade() {
    Object read =
        mapper.readValue("{\"@class\":\"java.io.File\",\"path\":\"/etc/passwd\"}", Object.class);

    assertThat(read).isInstanceOf(Map.class);
  }

  @Test
  @Tag("E15")
  void theLocationOfAnErrorDoesNotQuoteTheSource() {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> mapper.readTree("{\"token\":\"s3cret\",}"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
  }
}
