package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {

  private static final int CHARACTERS = 0x200;

  private static @Nullable Fault fault(String name, String value, boolean forStrategy) {
    InvalidInputException refused =
        catchThrowableOfType(
            InvalidInputException.class,
            () -> HeaderRules.requireAllowed(name, value, forStrategy));
    return refused == null ? null : refused.faults().get(0);
  }

  private static @Nullable Fault fault(String name, String value) {
    return fault(name, value, false);
  }

  @Test
  void aNameHasTheCharactersOfATokenAlone() {
    String allowed =
        IntStream.range(0, CHARACTERS)
            .mapToObj(Character::toString)
            .filter(c -> fault("X" + c, "v") == null)
            .collect(Collectors.joining());

    assertThat(allowed)
        .isEqualTo("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
  }

  @Test
  void aValueHasVisibleCharactersBlanksAndTabsAlone() {
    String allowed =
        IntStream.range(0, CHARACTERS)
            .mapToObj(Character::toString)
            .filter(c -> fault("X", c) == null)
            .collect(Collectors.joining());

    assertThat(allowed)
        .startsWith("\t !")
        .endsWith("}~")
        .hasSize(1 + 0x7f - ' ')
        .matches("\t[ -~]+");
  }

  @Test
  void aFaultSaysWhereItIsAndNotWhat() {
    assertThat(fault("X-\nY", "v"))
        .isEqualTo(
            new Fault("(header)", "its name has a character at position 3 that is not allowed"));
    assertThat(fault("X-Y", "va\rlue"))
        .isEqualTo(new Fault("X-Y", "has a character at position 3 that is not allowed"));
    assertThat(fault("", "v")).isEqualTo(new Fault("", "has no name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "COOKIE", "Transfer-Encoding", "Transfer_Encoding", "Proxy-Anything"})
  void whatBelongsToTheTransportIsNobodysToSet(String name) {
    Fault theirs = new Fault(name, "belongs to the transport or to authentication");

    assertThat(fault(name, "v")).isEqualTo(theirs);
    assertThat(fault(name, "v", true)).isEqualTo(theirs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "X-Forwarded-For",
        "x_forwarded_host",
        "X-Real-IP",
        "True-Client-IP",
        "X-Original-URL",
        "X-Rewrite-Url",
        "X-HTTP-Method",
        "X-HTTP-Method-Override",
        "X-Method-Override"
      })
  @Tag("E8")
  void whatMakesServersTakeARequestForAnotherOneIsNobodysToChoose(String name) {
    assertThat(fault(name, "v"))
        .isEqualTo(new Fault(name, "could change what the request does or where it goes"));
    assertThat(HeaderRules.isSteering(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Original-Filename", "X-Request-Id", "X-Method"})
  void otherHeadersAreFree(String name) {
    assertThat(fault(name, "v")).isNull();
  }

  @Test
  void authorizationIsForAStrategyToSet() {
    assertThat(fault("Authorization", "v"))
        .isEqualTo(new Fault("Authorization", "belongs to the transport or to authentication"));

    assertThat(fault("Authorization", "v", true)).isNull();
    assertThat(fault("Authorization", "v\n", true))
        .isEqualTo(new Fault("Authorization", "has a character at position 2 that is not allowed"));
  }

  @Test
  void aHeaderThatTheClientHasRefusedIsAFaultInAnyCase() {
    assertThat(HeaderRules.malformed("X", "a\n").faults())
        .containsExactly(new Fault("X", "has a character at position 2 that is not allowed"));
    assertThat(HeaderRules.malformed("X", "a").faults())
        .containsExactly(new Fault("X", "is not a header"));
  }
}
