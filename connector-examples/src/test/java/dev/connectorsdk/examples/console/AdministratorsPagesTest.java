package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whoever administers nothing the pages of administrators are not there. */
class AdministratorsPagesTest {

  private static Office office;
  private static String desk;
  private static String gateway;

  @BeforeAll
  static void start() {
    office = new Office();
    desk = office.connectDesk().id().value();
    office.blockChat();
    gateway =
        office.runtime().gateways().create(Office.ROOT.in(Office.ADAS.environment()), "Plant").id();
  }

  @AfterAll
  static void stop() {
    office.close();
  }

  private static String filled(String path) {
    return path.replace("{connection}", desk).replace("{gateway}", gateway);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "administration/connections",
        "administration/connections/{connection}",
        "administration/connections/{connection}/hand-over",
        "administration/connections/{connection}/delete",
        "administration/triggers",
        "administration/policies",
        "administration/policies/edit",
        "administration/policies/edit?name=no-chat",
        "administration/policies/explain",
        "administration/policies/delete?name=no-chat",
        "administration/gateways",
        "administration/gateways/{gateway}",
        "administration/audit"
      })
  void aPageIsThereForAdministratorsOnly(String page) {
    HttpResponse<String> adas = office.browserOf("ada").open(filled(page));
    HttpResponse<String> roots = office.browserOf("root").open(filled(page));

    assertThat(adas.statusCode()).isEqualTo(404);
    assertThat(adas.body()).doesNotContain("Administration", "Ada&#x27;s desk", "no-chat", "Plant");
    assertThat(roots.statusCode()).isEqualTo(200);
    assertThat(roots.body()).doesNotContain("hidden-key").contains("Administration");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "administration/connections/{connection}/disable",
        "administration/connections/{connection}/enable",
        "administration/connections/{connection}/hand-over",
        "administration/connections/{connection}/delete",
        "administration/policies/edit",
        "administration/policies/delete",
        "administration/policies/adopt"
      })
  void aFormIsForAdministratorsOnlyAndCountsWithItsTokenOnly(String form) {
    Map<String, String> fields =
        Map.of("why", "x", "owner", "user:ben", "name", "no-chat", "version", "1", "json", "{}");
    Map<String, String> withToken =
        new java.util.HashMap<>(Map.of("form_token", FormToken.of(Secret.of("ada-1"))));
    withToken.putAll(fields);

    assertThat(office.browserOf("ada").post(filled(form), withToken).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("root").post(filled(form), fields).statusCode()).isEqualTo(403);
    assertThat(office.runtime().connections().list(Office.ADAS))
        .singleElement()
        .satisfies(one -> assertThat(one.status().isConnected()).isTrue());
    assertThat(office.runtime().policies().list(Office.ROOT)).hasSize(1);
  }
}
