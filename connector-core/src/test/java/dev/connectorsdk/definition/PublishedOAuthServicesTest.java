package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.created;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.invocation.CallOptions;
import java.nio.file.Path;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Published definitions of services that users sign in to. What the services here expect and answer
 * is what their makers' documentation says; no definition is changed, nor the host it names.
 */
class PublishedOAuthServicesTest extends PublishedServicesTest {

  @BeforeAll
  static void theWorld(@TempDir Path temp) throws Exception {
    internetOf(
        temp,
        "login.microsoftonline.com",
        "login.windows.net",
        "graph.microsoft.com",
        "myvault.vault.azure.net",
        "api.freeagent.com");
  }

  /**
   * learn.microsoft.com/graph: a sign-in at the Microsoft identity platform, lists in {@code value}
   * with {@code @odata.nextLink}, members added by reference, errors as code and message.
   */
  @Nested
  class MicrosoftGraph {

    private static final String GROUP = "02bd9fd6-8f93-4758-87c3-1fb73740a315";
    private static final String USER = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
    private static final String TOKEN_URL = "/common/oauth2/v2.0/token";

    private Connection signIn(LoadOptions options) {
      service.stubFor(
          post(TOKEN_URL)
              .withHost(equalTo("login.microsoftonline.com"))
              .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
              .withFormParam("grant_type", equalTo("authorization_code"))
              .withFormParam("code", equalTo("OAAABAAAAiL9Kn2Z27UubvWFPbm0gLW"))
              .withFormParam("client_id", equalTo("our-client"))
              .withFormParam("client_secret", equalTo("our-secret"))
              .withFormParam("redirect_uri", equalTo("https://app.example/callback/published"))
              .willReturn(okJson(token("eyJ0.first", "AwABAAAA.first"))));
      connector = Published.load("certified-connectors-azuread", options, internet);
      HttpUrl link = connector.beginSignIn(connector.spec());
      assertThat(link.host()).isEqualTo("login.microsoftonline.com");
      assertThat(link.encodedPath()).isEqualTo("/common/oauth2/v2.0/authorize");
      assertThat(link.queryParameter("response_type")).isEqualTo("code");
      assertThat(link.queryParameter("client_id")).isEqualTo("our-client");
      assertThat(link.queryParameter("scope").split(" "))
          .contains("Group.ReadWrite.All", "offline_access");
      return connector.completeSignIn(link, "OAAABAAAAiL9Kn2Z27UubvWFPbm0gLW");
    }

    private Connection signIn() {
      return signIn(LoadOptions.standard());
    }

    private String token(String access, String refresh) {
      return """
          {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599,
           "scope": "Directory.ReadWrite.All Group.ReadWrite.All User.ReadWrite.All",
           "access_token": "%s", "refresh_token": "%s"}
          """
          .formatted(access, refresh);
    }

    @Test
    void collectsTheMembersOfAGroupAcrossPages() {
      String members = "/v1.0/groups/" + GROUP + "/members";
      service.stubFor(
          get(urlPathEqualTo(members))
              .withHost(equalTo("graph.microsoft.com"))
              .withHeader("Authorization", equalTo("Bearer eyJ0.first"))
              .withQueryParam("$top", equalTo("2"))
              .withQueryParam("$skiptoken", absent())
              .willReturn(
                  okJson(
                      """
                      {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryObjects",
                       "@odata.nextLink":
                         "https://graph.microsoft.com%s?$top=2&$skiptoken=RFNwdAIAAQ",
                       "value": [{"@odata.type": "#microsoft.graph.user", "displayName": "Adele"},
                                 {"@odata.type": "#microsoft.graph.user", "displayName": "Alex"}]}
                      """
                          .formatted(members))));
      service.stubFor(
          get(urlPathEqualTo(members))
              .withHeader("Authorization", equalTo("Bearer eyJ0.first"))
              .withQueryParam("$skiptoken", equalTo("RFNwdAIAAQ"))
              .willReturn(okJson("{\"value\": [{\"displayName\": \"Megan\"}]}")));
      assertThat(signIn(LoadOptions.standard()).status().isConnected()).isTrue();

      JsonNode all =
          connector.call(
              "GetGroupMembers",
              Map.of("id", GROUP, "$top", 2),
              CallOptions.standard().collectingPages(100));

      assertThat(all.path("body").path("value").findValuesAsString("displayName"))
          .containsExactly("Adele", "Alex", "Megan");
      assertThat(all.path("body").has("@odata.nextLink")).isFalse();
    }

    @Test
    void addsAMemberByReference() {
      service.stubFor(
          post("/v1.0/groups/" + GROUP + "/members/$ref")
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(
                  equalToJson(
                      "{\"@odata.id\": \"https://graph.microsoft.com/v1.0/directoryObjects/%s\"}"
                          .formatted(USER)))
              .willReturn(noContent()));
      signIn();

      JsonNode answer =
          connector.call("AddUserToGroup", Map.of("id", GROUP, "body", Map.of("@odata.id", USER)));

      assertThat(answer.path("statusCode").asInt()).isEqualTo(204);
    }

    @Test
    void createsAGroupAndChangesAUser() {
      String group =
          """
          {"displayName": "Library Assist", "description": "Self help", "mailEnabled": false,
           "mailNickname": "library", "securityEnabled": true}
          """;
      service.stubFor(
          post("/v1.0/groups")
              .withRequestBody(equalToJson(group))
              .willReturn(
                  created()
                      .withHeader(
                          "Content-Type",
                          "application/json;odata.metadata=minimal;odata.streaming=true"
                              + ";IEEE754Compatible=false;charset=utf-8")
                      .withBody("{\"id\": \"" + GROUP + "\"}")));
      service.stubFor(
          patch(urlEqualTo("/v1.0/users/" + USER))
              .withRequestBody(equalToJson("{\"jobTitle\": \"Auditor\"}"))
              .willReturn(noContent()));
      signIn();

      JsonNode made = connector.call("CreateSecurityGroup", Map.of("body", Folder.json(group)));
      connector.call("UpdateUser", Map.of("id", USER, "body", Map.of("jobTitle", "Auditor")));

      assertThat(made.at("/body/id").asString()).isEqualTo(GROUP);
      service.verify(1, postRequestedFor(urlEqualTo("/v1.0/groups")));
    }

    @Test
    void replacesATokenThatHasExpired() {
      service.stubFor(
          get("/v1.0/users/" + USER)
              .withHeader("Authorization", equalTo("Bearer eyJ0.first"))
              .willReturn(
                  jsonResponse(
                      "{\"error\": {\"code\": \"InvalidAuthenticationToken\","
                          + " \"message\": \"Lifetime validation failed, the token is expired.\"}}",
                      401)));
      service.stubFor(
          get("/v1.0/users/" + USER)
              .withHeader("Authorization", equalTo("Bearer eyJ0.second"))
              .willReturn(okJson("{\"displayName\": \"Adele Vance\"}")));
      signIn();
      service.stubFor(
          post(TOKEN_URL)
              .withFormParam("grant_type", equalTo("refresh_token"))
              .withFormParam("refresh_token", equalTo("AwABAAAA.first"))
              .withFormParam("client_id", equalTo("our-client"))
              .withFormParam("client_secret", equalTo("our-secret"))
              .willReturn(okJson(token("eyJ0.second", "AwABAAAA.second"))));

      assertThat(connector.call("GetUser", Map.of("id", USER)).at("/body/displayName").asString())
          .isEqualTo("Adele Vance");
      service.verify(2, postRequestedFor(urlEqualTo(TOKEN_URL)));
    }

    @Test
    void saysWhatGraphSaysOfAUserWhoIsNotThere() {
      service.stubFor(
          get("/v1.0/users/nobody%40contoso.com")
              .willReturn(
                  jsonResponse(
                      "{\"error\": {\"code\": \"Request_ResourceNotFound\", \"message\": \"Resource"
                          + " 'nobody@contoso.com' does not exist.\"}}",
                      404)));
      signIn();

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> connector.call("GetUser", Map.of("id", "nobody@contoso.com")))
          .satisfies(e -> assertThat(e.status()).isEqualTo(404))
          .satisfies(e -> assertThat(e.body()).contains("Request_ResourceNotFound"));
    }
  }

  /**
   * learn.microsoft.com/rest/api/keyvault: a host for each vault, a token for the resource
   * https://vault.azure.net, and {@code api-version} in every request.
   */
  @Nested
  class KeyVault {

    @BeforeEach
    void signIn() {
      service.stubFor(
          post("/common/oauth2/token")
              .withHost(equalTo("login.windows.net"))
              .withFormParam("grant_type", equalTo("authorization_code"))
              .withFormParam(
                  "code", equalTo("AwABAAAAvPM1KaPlrEqdFSBzjqfTGBCmLdgfSTLEMPGYuNHSUYBr"))
              .withFormParam("resource", equalTo("https://vault.azure.net"))
              .willReturn(
                  okJson(
                      """
                      {"token_type": "Bearer", "expires_in": "3600", "expires_on": "4070908800",
                       "resource": "https://vault.azure.net", "access_token": "eyJ0.vault",
                       "refresh_token": "AwABAAAA.vault"}
                      """)));
      connector = Published.load("custom-connectors-azurekeyvault", internet);
      ConnectionSpec vault = connector.spec().with("keyVaultName", "myvault");
      HttpUrl link = connector.beginSignIn(vault);
      assertThat(link.host()).isEqualTo("login.windows.net");
      assertThat(link.queryParameter("resource")).isEqualTo("https://vault.azure.net");
      assertThat(
              connector
                  .completeSignIn(link, "AwABAAAAvPM1KaPlrEqdFSBzjqfTGBCmLdgfSTLEMPGYuNHSUYBr")
                  .status()
                  .isConnected())
          .isTrue();
    }

    @Test
    void setsReadsAndListsSecrets() {
      String id = "https://myvault.vault.azure.net/secrets/mysecretname";
      service.stubFor(
          put(urlEqualTo("/secrets/mysecretname?api-version=7.0"))
              .withHost(equalTo("myvault.vault.azure.net"))
              .withHeader("Authorization", equalTo("Bearer eyJ0.vault"))
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(equalToJson("{\"value\": \"mysecretvalue\"}"))
              .willReturn(okJson("{\"value\": \"mysecretvalue\", \"id\": \"" + id + "/4387\"}")));
      service.stubFor(
          get("/secrets/mysecretname?api-version=7.0")
              .willReturn(
                  okJson("{\"value\": \"mysecretvalue\", \"id\": \"" + id + "/4387\"}")
                      .withHeader("Content-Type", "application/json; charset=utf-8")));
      service.stubFor(
          get(urlPathEqualTo("/secrets"))
              .withQueryParam("api-version", equalTo("7.0"))
              .withQueryParam("maxresults", equalTo("1"))
              .willReturn(
                  okJson(
                      """
                      {"value": [{"id": "%s", "contentType": "plainText"}],
                       "nextLink": "https://myvault.vault.azure.net:443/secrets?api-version=7.0\
                      &$skiptoken=eyJOZXh0TWFya2VyIj&maxresults=1"}
                      """
                          .formatted(id))));

      connector.call(
          "SetSecret",
          Map.of("secret-name", "mysecretname", "body", Map.of("value", "mysecretvalue")));
      JsonNode secret = connector.call("GetSecret", Map.of("secret-name", "mysecretname"));
      JsonNode page = connector.call("ListSecret", Map.of("maxresults", 1));

      assertThat(secret.at("/body/value").asString()).isEqualTo("mysecretvalue");
      assertThat(page.at("/body/value/0/id").asString()).isEqualTo(id);
      assertThat(page.at("/body/nextLink").asString()).contains("$skiptoken");
    }

    @Test
    void saysWhatTheVaultSaysOfASecretThatIsNotThere() {
      service.stubFor(
          get("/secrets/none?api-version=7.0")
              .willReturn(
                  jsonResponse(
                      "{\"error\": {\"code\": \"SecretNotFound\", \"message\": \"A secret with"
                          + " (name/id) none was not found in this key vault.\"}}",
                      404)));

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> connector.call("GetSecret", Map.of("secret-name", "none")))
          .satisfies(e -> assertThat(e.body()).contains("SecretNotFound"));
    }
  }

  /**
   * dev.freeagent.com/docs: a sign-in at the API itself, resources that are named by their URL, and
   * transitions of invoices that answer with an empty body.
   */
  @Nested
  class FreeAgent {

    private static final String CONTACTS =
        """
        {"contacts": [
          {"url": "https://api.freeagent.com/v2/contacts/2", "organisation_name": "test me"},
          {"url": "https://api.freeagent.com/v2/contacts/37", "organisation_name": "Nathan Ltd"}]}
        """;

    @BeforeEach
    void signIn() {
      service.stubFor(
          post("/v2/token_endpoint")
              .withHost(equalTo("api.freeagent.com"))
              .withFormParam("grant_type", equalTo("authorization_code"))
              .withFormParam("code", equalTo("1gFo0Wp4GEvKY4zXnWO"))
              .withFormParam("redirect_uri", equalTo("https://app.example/callback/published"))
              .willReturn(
                  okJson(
                      """
                      {"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "bearer",
                       "expires_in": 604800, "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA"}
                      """)));
      connector = Published.load("independent-publisher-connectors-freeagent", internet);
      HttpUrl link = connector.beginSignIn(connector.spec());
      assertThat(link.encodedPath()).isEqualTo("/v2/approve_app");
      assertThat(link.queryParameter("response_type")).isEqualTo("code");
      assertThat(link.queryParameter("client_id")).isEqualTo("our-client");
      connector.completeSignIn(link, "1gFo0Wp4GEvKY4zXnWO");
      service.stubFor(
          get("/v2/contacts")
              .withHeader("Authorization", equalTo("Bearer 2YotnFZFEjr1zCsicMWpAA"))
              .willReturn(okJson(CONTACTS)));
    }

    @Test
    void offersContactsToChooseFrom() {
      Choices choices = connector.choices("GetContact", "contact_id");

      assertThat(choices.choices())
          .extracting(c -> c.value().asString() + " " + c.title())
          .containsExactly("2 test me", "37 Nathan Ltd");
      connector.choices("UpdateContact", "contact_id");
      service.verify(1, getRequestedFor(urlEqualTo("/v2/contacts")));
    }

    @Test
    void readsTheContactThatWasChosen() {
      service.stubFor(
          get("/v2/contacts/37")
              .withHeader("Authorization", equalTo("Bearer 2YotnFZFEjr1zCsicMWpAA"))
              .willReturn(okJson("{\"contact\": {\"organisation_name\": \"Nathan Ltd\"}}")));

      assertThat(
              connector
                  .call("GetContact", Map.of("contact_id", "37"))
                  .at("/body/contact/organisation_name")
                  .asString())
          .isEqualTo("Nathan Ltd");
    }

    @Test
    void sendsAnInvoice() {
      service.stubFor(
          post("/v2/invoices")
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(
                  equalToJson(
                      "{\"invoice\": {\"contact\": \"https://api.freeagent.com/v2/contacts/37\","
                          + " \"dated_on\": \"2012-02-16\", \"payment_terms_in_days\": 5}}"))
              .willReturn(
                  created()
                      .withHeader("Content-Type", "application/json; charset=utf-8")
                      .withHeader("Location", "https://api.freeagent.com/v2/invoices/1")
                      .withBody("{\"invoice\": {\"status\": \"Draft\", \"reference\": \"001\"}}")));
      service.stubFor(put(urlEqualTo("/v2/invoices/1/transitions/mark_as_sent")).willReturn(ok()));
      service.stubFor(
          get("/v2/invoices")
              .willReturn(
                  okJson(
                      "{\"invoices\": [{\"url\": \"https://api.freeagent.com/v2/invoices/1\","
                          + " \"reference\": \"001\"}]}")));

      JsonNode made =
          connector.call(
              "CreateInvoice",
              Map.of(
                  "body",
                  Map.of(
                      "invoice",
                      Map.of(
                          "contact", "https://api.freeagent.com/v2/contacts/37",
                          "dated_on", "2012-02-16",
                          "payment_terms_in_days", 5))));
      JsonNode invoices = connector.call("ListInvoices", Map.of());
      String id = invoices.at("/body/invoices/0/id").asString();
      JsonNode sent = connector.call("MarkInvoiceAsSent", Map.of("id", id));

      assertThat(made.at("/body/invoice/status").asString()).isEqualTo("Draft");
      assertThat(sent.path("statusCode").asInt()).isEqualTo(200);
    }

    @Test
    void doesNotSendAnInvoiceThatCannotBeSent() {
      service.stubFor(
          put(urlEqualTo("/v2/invoices/1/transitions/mark_as_sent"))
              .willReturn(
                  jsonResponse(
                      "{\"errors\": {\"error\": {\"message\": \"Invoice has no items\"}}}", 422)));

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> connector.call("MarkInvoiceAsSent", Map.of("id", "1")))
          .satisfies(e -> assertThat(e.status()).isEqualTo(422))
          .satisfies(e -> assertThat(e.body()).contains("no items"));
    }
  }
}
