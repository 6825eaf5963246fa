package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

@Tag("C9")
class SecretTest {

  private static final String CANARY = "c4n4ry-s3cret";

  private final Secret secret = Secret.of(CANARY);

  @Test
  void givesItsValueToWhoeverAsksByName() {
    assertThat(secret.reveal()).isEqualTo(CANARY);
  }

  @Test
  void printsAsStars() {
    assertThat(secret).hasToString("***");
    assertThat("%s %20s".formatted(secret, secret)).doesNotContain(CANARY);
    assertThat(Secret.of("")).hasToString("***");
  }

  @Test
  void isEqualByValueAndTellsNothingByItsHash() {
    assertThat(secret).isEqualTo(Secret.of(CANARY)).isNotEqualTo(Secret.of(CANARY + "x"));
    assertThat(secret).isNotEqualTo(CANARY);
    assertThat(secret.hashCode())
        .isEqualTo(Secret.of("").hashCode())
        .isEqualTo(Secret.of("other").hashCode());
  }

  @Test
  void knowsWhetherItIsEmpty() {
    assertThat(Secret.of("").isEmpty()).isTrue();
    assertThat(secret.isEmpty()).isFalse();
  }

  @Test
  void isNotMadeOfNull() {
    assertThatNullPointerException().isThrownBy(() -> Secret.of(null)).withMessage("value");
  }

  @Test
  void cannotBeSerialized() {
    assertThat(Serializable.class.isAssignableFrom(Secret.class)).isFalse();
    assertThatExceptionOfType(NotSerializableException.class)
        .isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(secret));
  }

  @Test
  void anyMapperGivesNothingAwayAndMakesNone() {
    JsonMapper mapper = new JsonMapper();

    assertThat(mapper.writeValueAsString(secret)).doesNotContain(CANARY);
    assertThatExceptionOfType(DatabindException.class)
        .isThrownBy(() -> mapper.readValue("\"" + CANARY + "\"", Secret.class));
  }
}
