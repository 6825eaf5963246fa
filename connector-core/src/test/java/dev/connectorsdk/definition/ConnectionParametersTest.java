package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionParameter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionParametersTest {

  @TempDir Path temp;

  @Test
  void keepsLabelsAndWhetherAValueIsNeeded() {
    ConnectionParameter site =
        parameter(
            "Site Name",
            """
            {'type': 'String', 'uiDefinition': {'displayName': 'Site', 'description': 'Host name.',
              'constraints': {'required': 'true'}}}
            """);

    assertThat(site.name()).isEqualTo("Site Name");
    assertThat(site.type()).isEqualTo(ConnectionParameter.Type.TEXT);
    assertThat(site.title()).isEqualTo("Site");
    assertThat(site.description()).isEqualTo("Host name.");
    assertThat(site.isRequired()).isTrue();
    assertThat(site.isHidden()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "'true'", "'True'"})
  void readsBooleansWrittenAsText(String required) {
    assertThat(constrained("'required': " + required).isRequired()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a': 1", "'required': false", "'required': 'false'"})
  void needsNoValueUnlessItSaysSo(String constraints) {
    assertThat(constrained(constraints).isRequired()).isFalse();
  }

  @Test
  void doesNotInsistOnAHiddenValue() {
    ConnectionParameter hidden = constrained("'hidden': 'true', 'required': 'true'");

    assertThat(hidden.isHidden()).isTrue();
    assertThat(hidden.isRequired()).isFalse();
  }

  @Test
  void takesTheValuesOfAChoiceFromEitherPlace() {
    assertThat(
            constrained("'allowedValues': [{'text': 'Europe', 'value': 'eu'}, {'value': 'us'}]")
                .choices())
        .containsExactly("eu", "us");
    assertThat(
            parameter("region", "{'type': 'string', 'allowedValues': [{'value': 'eu'}]}").choices())
        .containsExactly("eu");
  }

  @Test
  void takesDefaultsOfTheirType() {
    assertThat(parameter("a", "{'type': 'string', 'defaultValue': 'x'}").defaultValue())
        .isEqualTo("x");
    assertThat(parameter("a", "{'type': 'int', 'defaultValue': '8080'}").defaultValue())
        .isEqualTo(8080L);
    assertThat(parameter("a", "{'type': 'bool', 'defaultValue': true}").defaultValue())
        .isEqualTo(true);
  }

  @Test
  void doesNotUseADefaultThatDoesNotFitOrIsSecret() {
    Folder folder =
        folder(
            """
            'port': {'type': 'int', 'defaultValue': 'many'},
            'pass': {'type': 'securestring', 'defaultValue': 's3cret'}
            """);

    assertThat(folder.load().connector().parameters())
        .extracting(ConnectionParameter::defaultValue)
        .containsOnlyNulls();
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::pointer)
        .containsExactly(
            "/properties/connectionParameters/port", "/properties/connectionParameters/pass");
    assertThat(folder.report().toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "clientSecret, SECRET",
    "PASSWORD, SECRET",
    "accessToken, SECRET",
    "apikey, SECRET",
    "tokenHost, TEXT",
    "site, TEXT"
  })
  void keepsATextSecretIfItsNameSaysSo(String name, ConnectionParameter.Type type) {
    assertThat(parameter(name, "{'type': 'string'}").type()).isEqualTo(type);
  }

  @Test
  void doesNotTakeAChoiceForASecret() {
    assertThat(
            parameter("keyKind", "{'type': 'string', 'allowedValues': [{'value': 'short'}]}")
                .type())
        .isEqualTo(ConnectionParameter.Type.TEXT);
  }

  @Test
  void asksForUnknownTypesAsTextAndLeavesOutGatewaysAndRepetitions() {
    Folder folder =
        folder(
            """
            'odd': {'type': 'matrix'}, 'gate': {'type': 'gatewaySetting'},
            'Host': {'type': 'string'}, 'host': {'type': 'string'}
            """);

    assertThat(folder.load().connector().parameters())
        .extracting(ConnectionParameter::name)
        .containsExactly("odd", "Host");
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .containsExactly(
            "has an unknown type and is asked for as text",
            "differs only in case from another parameter, and was left out");
  }

  private ConnectionParameter constrained(String constraints) {
    return parameter(
        "region", "{'type': 'string', 'uiDefinition': {'constraints': {" + constraints + "}}}");
  }

  private ConnectionParameter parameter(String name, String json) {
    List<ConnectionParameter> all =
        folder("'" + name + "': " + json).load().connector().parameters();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private Folder folder(String parameters) {
    return Folder.in(temp).paths("").connectionParameters(parameters);
  }
}
