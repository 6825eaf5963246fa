package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionParameterTest {

  @Test
  void isRequiredVisibleAndTitledByItsNameAtFirst() {
    ConnectionParameter site = ConnectionParameter.text("site");

    assertThat(site.name()).isEqualTo("site");
    assertThat(site.title()).isEqualTo("site");
    assertThat(site.description()).isEmpty();
    assertThat(site.type()).isEqualTo(ConnectionParameter.Type.TEXT);
    assertThat(site.isRequired()).isTrue();
    assertThat(site.isHidden()).isFalse();
    assertThat(site.isSecret()).isFalse();
    assertThat(site.defaultValue()).isNull();
    assertThat(site.pattern()).isNull();
    assertThat(site.choices()).isEmpty();
    assertThat(site).hasToString("site (text)");
  }

  @Test
  void eachChangeReturnsACopyThatKeepsTheOthers() {
    ConnectionParameter site = ConnectionParameter.text("site");
    ConnectionParameter changed =
        site.titled("Site")
            .described("Where.")
            .optional()
            .hidden()
            .withDefault("eu")
            .matching("[a-z]+")
            .oneOf("eu", "us");

    assertThat(changed.title()).isEqualTo("Site");
    assertThat(changed.description()).isEqualTo("Where.");
    assertThat(changed.isRequired()).isFalse();
    assertThat(changed.isHidden()).isTrue();
    assertThat(changed.defaultValue()).isEqualTo("eu");
    assertThat(changed.pattern()).extracting(Pattern::pattern).isEqualTo("[a-z]+");
    assertThat(changed.choices()).containsExactly("eu", "us");
    assertThat(site.title()).isEqualTo("site");
    assertThat(site.isRequired()).isTrue();
  }

  @Test
  void everyTypeHasAFactory() {
    assertThat(ConnectionParameter.secret("a").type()).isEqualTo(ConnectionParameter.Type.SECRET);
    assertThat(ConnectionParameter.secret("a").isSecret()).isTrue();
    assertThat(ConnectionParameter.integer("a").type()).isEqualTo(ConnectionParameter.Type.INTEGER);
    assertThat(ConnectionParameter.number("a").type()).isEqualTo(ConnectionParameter.Type.NUMBER);
    assertThat(ConnectionParameter.bool("a").type()).isEqualTo(ConnectionParameter.Type.BOOLEAN);
  }

  @Test
  void aSecretHasNoDefault() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionParameter.secret("key").withDefault("x"))
        .withMessage("Secret parameter 'key' cannot have a default");
  }

  @Test
  void aPatternHasToBeOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionParameter.text("site").matching("("))
        .withMessage("Parameter 'site': not a regular expression: (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"API Key", "x-Auth-Email", "token:TenantId", "größe"})
  void namesOfPublishedDefinitionsAreAccepted(String name) {
    assertThat(ConnectionParameter.text(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "a\u0000"})
  void aNameIsNeitherBlankNorHasControlCharacters(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionParameter.text(name))
        .withMessage("Parameter name must be 1 to 200 characters without control characters");
  }
}
