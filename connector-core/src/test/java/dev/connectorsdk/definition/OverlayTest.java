package dev.connectorsdk.definition;

import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host corrects in a definition, and what operations do without being corrected. */
class OverlayTest {

  private static final Path DESK = Path.of("src/test/resources/definitions/desk");
  private static final Path FILE = Path.of("src/test/resources/overlays/desk.overlay.json");

  @TempDir Path temp;

  private static Definition desk(Overlay overlay) {
    return Definition.load(DESK, ConnectorId.of("desk"), LoadOptions.standard().overlay(overlay));
  }

  private static Action<?, ?> action(Definition definition, String id) {
    return definition.connector().action(id).orElseThrow();
  }

  @Test
  void saysWhoIssuesTheTokensOfASignIn() {
    Folder folder =
        Folder.in(temp)
            .paths("")
            .connectionParameters(
                """
                'token': {'type': 'oauthSetting', 'oAuthSettings': {'identityProvider': 'oauth2',
                  'scopes': ['read'], 'customParameters': {
                    'authorizationUrl': {'value': 'https://id.example/auth'},
                    'tokenUrl': {'value': 'https://id.example/token'},
                    'refreshUrl': {'value': 'https://id.example/token'}}}}
                """);
    Overlay overlay = Overlay.none().issuer("https://id.example");
    AuthOption declared = folder.load().connector().authOptions().get(0);
    AuthOption corrected =
        Definition.load(folder.path(), LoadOptions.standard().overlay(overlay))
            .connector()
            .authOptions()
            .get(0);

    assertThat(((OAuth2Scheme) declared.scheme()).issuer()).isNull();
    assertThat(((OAuth2Scheme) corrected.scheme()).issuer()).isEqualTo("https://id.example");
    assertThat(corrected.id()).isEqualTo(declared.id());
    assertThat(corrected.title()).isEqualTo(declared.title());
    assertThat(corrected.parameters()).isEqualTo(declared.parameters());
    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> Overlay.none().issuer("http://id.example"));
  }

  @Test
  void changesAWayToAuthenticateInNothingElse() {
    AuthOption option =
        AuthOption.oauth2(OAuth2Scheme.clientCredentials("https://id.example/token"))
            .refusedBy(498)
            .shareable(true)
            .throughGateway();

    AuthOption corrected =
        Overlay.none().issuer("https://id.example").refusedBy(419).applied(option);

    assertThat(corrected.refusingAnswers())
        .extracting(AuthOption.RefusingAnswer::status)
        .containsExactly(498, 419);
    assertThat(corrected.needsGateway()).isTrue();
    assertThat(corrected.sharing(true)).isEqualTo(option.sharing(true));
    assertThat(Overlay.none().refusedBy(419).applied(AuthOption.none()).refusingAnswers())
        .isEmpty();
  }

  @Test
  void correctsWhatTheFileSays() {
    Definition definition = desk(Overlay.load(FILE));
    Connector connector = definition.connector();

    assertThat(connector.description()).isEqualTo("Tickets of all teams.");
    assertThat(connector.baseUrl()).isEqualTo("https://eu.desk.example/api");
    assertThat(connector.connectionTest()).isPresent();
    Action<?, ?> find = action(definition, "FindPeople");
    assertThat(find.title()).isEqualTo("Find people");
    assertThat(find.description()).isEqualTo("Looks for people by their team.");
    assertThat(find.effect()).isEqualTo(Effect.READ);
    assertThat(find.isInternal()).isFalse();
    assertThat(action(definition, "ListRoot").isInternal()).isTrue();
    assertThat(
            ((DefinitionAction) action(definition, "ListTeams"))
                .client()
                .request(json("{}"))
                .target())
        .isEqualTo("/teams?archived=true");
    assertThat(definition.report().operation("OpenTicket").orElseThrow().obstacles())
        .containsExactly("the host has disabled it: tickets are opened on the phone");
    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(
            () ->
                ((DefinitionAction) action(definition, "OpenTicket")).client().request(json("{}")));
  }

  @Test
  void isPutTogetherByCodeAsWell() {
    Overlay overlay =
        Overlay.none()
            .title("Desk")
            .description("Tickets of all teams.")
            .baseUrl("https://eu.desk.example/api")
            .test("ListTeams", Map.of("archived", false))
            .title("FindPeople", "Find people")
            .description("FindPeople", "Looks for people by their team.")
            .effect("FindPeople", Effect.READ)
            .internal("FindPeople", false)
            .defaultValue("ListTeams", "archived", true)
            .disabled("OpenTicket", "tickets are opened on the phone");

    assertThat(json(overlay.toJson())).isEqualTo(json(Overlay.load(FILE).toJson()));
    assertThat(desk(overlay.withoutTest()).connector().connectionTest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"12345678901234567.890", "12345678901234567890.1", "0.10", "98765432109876543210"})
  void keepsAllDigitsOfItsNumbers(String number) throws IOException {
    String file = "{\"operations\":{\"FindPeople\":{\"defaults\":{\"team\":" + number + "}}}}";
    Path path = Files.writeString(temp.resolve("digits.json"), file);

    assertThat(Overlay.load(path).toJson()).contains(number);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|/ must be an object",
        "{'titel': 'x'}|/titel is none of [baseUrl, description, fileHosts, issuer, operations, refusedBy, test, title]",
        "{'refusedBy': {'status': 419}}|/refusedBy must be a list of answers",
        "{'refusedBy': [{'status': 419, 'body': 1}]}|/refusedBy/0/body is none of [place, status, values]",
        "{'refusedBy': [{}]}|/refusedBy/0 refuses nothing: No answer has the status 0",
        "{'refusedBy': [{'status': 200}]}|/refusedBy/0 refuses nothing: Every answer with status 200",
        "{'refusedBy': [{'status': 400, 'place': 'error'}]}|/refusedBy/0 refuses nothing: A place is",
        "{'refusedBy': [{'status': 419, 'values': ['a']}]}|/refusedBy/0/values must be a list of texts",
        "{'refusedBy': [{'status': 419, 'place': '/a', 'values': [1]}]}|/refusedBy/0/values must be",
        "{'baseUrl': 'ftp://a.example'}|/baseUrl must be an http or https URL",
        "{'baseUrl': 'https://ada@a.example'}|/baseUrl must be an http or https URL",
        "{'baseUrl': 'https://a_.example'}|/baseUrl cannot be used: the definition's host is a",
        "{'operations': {'a/b': {}}}|/operations/a~1b is no operation of the definition",
        "{'operations': {'findPeople': {}}}|is no operation of the definition; it has 'FindPeople'",
        "{'operations': {'FindPeople': {'effect': 'read'}}}|/operations/FindPeople/effect must be one of",
        "{'operations': {'FindPeople': {'efect': 'READ'}}}|/operations/FindPeople/efect is none of",
        "{'operations': {'FindPeople': {'disabled': true}}}|/operations/FindPeople/disabled must be a text",
        "{'operations': {'FindPeople': {'waits': 'no'}}}|/operations/FindPeople/waits must be true or false",
        "{'operations': {'FindPeople': {'defaults': {'query': {}}}}}|/defaults/query is no parameter of",
        "{'test': {'operation': 'Gone'}}|/test/operation is no operation of the definition",
        "{'test': {'operation': 'FindPeople'}}|/test cannot be used: the operation is no GET",
        "{'test': {'operation': 'DescribeFields'}}|/test cannot be used",
        "{'title': 'a', 'title': 'b'}|is not JSON, or names a member twice",
        "{'operations': {'FindPeople': {'defaults': {'team': 1e99999999999}}}}|has a number whose exponent is out of range"
      })
  void refusesWhatCorrectsNothing(String file, String problem) throws IOException {
    Path path = temp.resolve("wrong.json");
    Files.writeString(path, file.replace('\'', '"'));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> desk(Overlay.load(path)))
        .withMessageStartingWith("wrong.json")
        .withMessageContaining(problem);
  }

  @Test
  void sortsEffectsByTheMethodThatIsSentAndByWhatPeopleConfirm() {
    Definition definition =
        Folder.in(temp)
            .paths(
                """
                '/a': {'get': {'operationId': 'Look', 'responses': {}, 'x-ms-openai-data':
                    {'operations': [{'operationId': 'Look', 'x-ms-require-user-confirmation': true}]}},
                  'post': {'operationId': 'Ask', 'responses': {}, 'x-ms-openai-data':
                    {'operations': [{'operationId': 'Ask', 'x-ms-require-user-confirmation': false}]}},
                  'head': {'operationId': 'Remove', 'responses': {}},
                  'patch': {'operationId': 'Change', 'responses': {}, 'x-ms-openai-data':
                    {'operations': [{'operationId': 'change', 'x-ms-require-user-confirmation': 'true'}]}}}
                """)
            .properties(
                """
                {'properties': {'policyTemplateInstances': [{'templateId': 'routerequesttoendpoint',
                  'parameters': {'x-ms-apimTemplateParameter.newPath': '/b',
                    'x-ms-apimTemplateParameter.httpMethod': 'DELETE',
                    'x-ms-apimTemplate-operationName': ['Remove']}}]}}
                """)
            .load();

    assertThat(action(definition, "Look").effect()).isEqualTo(Effect.IDEMPOTENT_WRITE);
    assertThat(action(definition, "Look").needsConfirmation()).isTrue();
    assertThat(action(definition, "Ask").effect()).isEqualTo(Effect.WRITE);
    assertThat(action(definition, "Ask").needsConfirmation()).isFalse();
    assertThat(action(definition, "Change").needsConfirmation()).isTrue();
    assertThat(action(definition, "Remove").effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(action(definition, "Remove").needsConfirmation()).isTrue();
  }

  @Test
  void testsNoConnectionWithWhatCannotSucceed() {
    Folder folder =
        Folder.in(temp)
            .document(
                """
                'x-ms-capabilities': {'testConnection': {'operationId': 'me', 'parameters': {'V': 2}}},
                'paths': {'/me': {'get': {'operationId': 'Me', 'responses': {}, 'parameters': [
                  {'name': 'v', 'in': 'query', 'type': 'integer', 'required': true}]}}}
                """);
    assertThat(folder.load().connector().connectionTest()).isPresent();

    folder.document(
        """
        'x-ms-capabilities': {'testConnection': {'operationId': 'me'}},
        'paths': {'/me': {'get': {'operationId': 'Me', 'responses': {}, 'parameters': [
          {'name': 'v', 'in': 'query', 'type': 'integer', 'required': true}]}}}
        """);
    assertThat(folder.load().connector().connectionTest()).isEmpty();
    assertThat(folder.report().warnings().toString())
        .contains("/x-ms-capabilities/testConnection: cannot be used: ")
        .contains("/v: is required");
  }
}
