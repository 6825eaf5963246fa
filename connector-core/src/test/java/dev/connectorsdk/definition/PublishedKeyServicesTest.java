package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.created;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Published definitions of services with API keys and passwords. What the services here expect and
 * answer is what their makers' documentation says; no definition is changed, nor the host it names.
 */
class PublishedKeyServicesTest extends PublishedServicesTest {

  @BeforeAll
  static void theWorld(@TempDir Path temp) throws Exception {
    internetOf(
        temp,
        "api-free.deepl.com",
        "api.deepl.com",
        "api.airtable.com",
        "johns-apparel.myshopify.com",
        "your-domain.atlassian.net");
  }

  /**
   * developers.deepl.com: the key goes into {@code Authorization: DeepL-Auth-Key}, texts are
   * repeated form fields, keys of the free plan have a host of their own, documents are uploaded,
   * asked about and downloaded, and 456 says that the quota is used up.
   */
  @Nested
  class DeepL {

    private static final String KEY = "279a2e9d-83b3-c416-7e2d-f721593e42a0:fx";
    private static final String HEADER = "DeepL-Auth-Key " + KEY;
    private static final String DOCUMENT = "04DE5AD98A02647D83285A36021911C6";
    private static final String DOCUMENT_KEY = "0CB0054F1C132C1625B392EADDA41CB754A742822F";

    private void onThePlan(String url) {
      connector = Published.load("certified-connectors-deepl", internet);
      connector.connect(
          connector.spec().with("environment", url).secret("api_key", Secret.of(KEY)));
    }

    private void onTheFreePlan() {
      onThePlan("https://api-free.deepl.com/v2");
    }

    @Test
    void translatesAText() {
      service.stubFor(
          post("/v2/translate")
              .withHost(equalTo("api-free.deepl.com"))
              .withHeader("Authorization", equalTo(HEADER))
              .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
              .withFormParam("text", equalTo("Good morning & good luck = 100 % fun!"))
              .withFormParam("target_lang", equalTo("DE"))
              .willReturn(
                  okJson(
                      """
                      {"translations": [
                        {"detected_source_language": "EN", "text": "Guten Morgen und viel Glück"}]}
                      """)));
      onTheFreePlan();

      JsonNode answer =
          connector.call(
              "TranslateText",
              Map.of(
                  "text", List.of("Good morning & good luck = 100 % fun!"), "target_lang", "DE"));

      assertThat(answer.at("/body/translations/0/text").asString()).endsWith("viel Glück");
    }

    @Test
    void asksTheHostOfTheOtherPlan() {
      service.stubFor(
          get("/v2/usage")
              .withHost(equalTo("api.deepl.com"))
              .withHeader("Authorization", equalTo(HEADER))
              .willReturn(okJson("{\"character_count\": 180118, \"character_limit\": 1250000}")));
      onThePlan("https://api.deepl.com/v2");

      assertThat(connector.call("GetUsage", Map.of()).at("/body/character_count").asInt())
          .isEqualTo(180_118);
    }

    @Test
    void translatesADocument() {
      byte[] word = {'P', 'K', 3, 4, 0, (byte) 0xFF, '\r', '\n'};
      byte[] translated = {'P', 'K', 3, 4, 1, (byte) 0x80};
      String type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
      service.stubFor(
          post("/v2/document")
              .withHeader("Authorization", equalTo(HEADER))
              .withHeader("Content-Type", matching("multipart/form-data;\\s*boundary=.+"))
              .withMultipartRequestBody(
                  aMultipart().withName("target_lang").withBody(equalTo("FR")))
              .withMultipartRequestBody(
                  aMultipart()
                      .withName("file")
                      .withFileName("report.docx")
                      .withBody(binaryEqualTo(word)))
              .willReturn(
                  okJson(
                      "{\"document_id\": \"%s\", \"document_key\": \"%s\"}"
                          .formatted(DOCUMENT, DOCUMENT_KEY))));
      service.stubFor(
          post("/v2/document/" + DOCUMENT)
              .withFormParam("document_key", equalTo(DOCUMENT_KEY))
              .willReturn(
                  okJson(
                      "{\"document_id\": \"%s\", \"status\": \"done\", \"billed_characters\": 1337}"
                          .formatted(DOCUMENT))));
      service.stubFor(
          post("/v2/document/" + DOCUMENT + "/result")
              .withFormParam("document_key", equalTo(DOCUMENT_KEY))
              .willReturn(ok().withHeader("Content-Type", type).withBody(translated)));
      onTheFreePlan();

      Map<String, String> file =
          Map.of(
              "$content-type",
              type,
              "$content",
              Base64.getEncoder().encodeToString(word),
              "$filename",
              "report.docx");
      JsonNode uploaded =
          connector.call("TranslateDocument", Map.of("file", file, "target_lang", "FR"));
      Map<String, String> document =
          Map.of(
              "document_id", uploaded.at("/body/document_id").asString(),
              "document_key", uploaded.at("/body/document_key").asString());

      assertThat(connector.call("GetDocumentStatus", document).at("/body/status").asString())
          .isEqualTo("done");
      JsonNode result = connector.call("DownloadDocument", document).path("body");
      assertThat(result.path("$content-type").asString()).isEqualTo(type);
      assertThat(Base64.getDecoder().decode(result.path("$content").asString()))
          .isEqualTo(translated);
    }

    @Test
    void hasTheQuotaUsedUpOnlyOnce() {
      service.stubFor(
          post("/v2/translate").willReturn(jsonResponse("{\"message\": \"Quota Exceeded\"}", 456)));
      onTheFreePlan();

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(
              () ->
                  connector.call(
                      "TranslateText", Map.of("text", List.of("Hello"), "target_lang", "DE")))
          .satisfies(
              e -> {
                assertThat(e.status()).isEqualTo(456);
                assertThat(e.body()).contains("Quota Exceeded");
                assertThat(e.isRetryable()).isFalse();
              });
      service.verify(1, anyRequestedFor(anyUrl()));
    }
  }

  /**
   * airtable.com/developers/web/api: a personal access token as bearer token, names of tables in
   * the path, records below {@code fields}, and errors with a type.
   */
  @Nested
  class Airtable {

    private static final String TOKEN = "Bearer patYourToken.secret";

    @BeforeEach
    void connect() {
      connector = Published.load("independent-publisher-connectors-airtable", internet);
      connector.connect(connector.spec().secret("api_key", Secret.of(TOKEN)));
    }

    private Map<String, Object> table(String name, String member, Object value) {
      return Map.of("Base ID", "appwkoiIYzYJKY8e3", "Table", name, member, value);
    }

    @Test
    void listsRecords() {
      service.stubFor(
          get(urlPathEqualTo("/v0/appwkoiIYzYJKY8e3/Design%20projects"))
              .withHost(equalTo("api.airtable.com"))
              .withHeader("Authorization", equalTo(TOKEN))
              .withQueryParam("filterByFormula", equalTo("NOT({Name} = 'Plan B & C')"))
              .withQueryParam("pageSize", absent())
              .willReturn(
                  okJson(
                      """
                      {"records": [{"id": "rec560UJdUtocSouk", "createdTime":
                        "2022-09-12T21:03:48.000Z", "fields": {"Name": "Union Square"}}],
                       "offset": "itr23sEjsdfEr3282/appSW9R5uCNmRmfl6"}
                      """)));

      JsonNode answer =
          connector.call(
              "ListRecords",
              table("Design projects", "filterByFormula", "NOT({Name} = 'Plan B & C')"));

      assertThat(answer.at("/body/records/0/fields/Name").asString()).isEqualTo("Union Square");
      assertThat(answer.at("/body/offset").asString()).startsWith("itr23sEjsdfEr3282/");
    }

    @Test
    void keepsTheNameOfATableInOneSegmentOfThePath() {
      service.stubFor(
          get("/v0/appwkoiIYzYJKY8e3/In%2FOut%20%3F/recABC").willReturn(okJson("{\"id\": \"x\"}")));

      assertThat(
              connector
                  .call("RetrieveaRecord", table("In/Out ?", "Record ID", "recABC"))
                  .at("/body/id")
                  .asString())
          .isEqualTo("x");
    }

    @Test
    void createsChangesAndDeletesARecord() {
      String fields = "{\"fields\": {\"Name\": \"Apollo\", \"Done\": true}}";
      String record = "{\"id\": \"rec560UJdUtocSouk\", \"fields\": {\"Name\": \"Apollo\"}}";
      service.stubFor(
          post("/v0/appwkoiIYzYJKY8e3/Table1")
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(equalToJson(fields))
              .willReturn(okJson(record)));
      service.stubFor(
          patch(urlEqualTo("/v0/appwkoiIYzYJKY8e3/Table1/rec560UJdUtocSouk"))
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(equalToJson(fields))
              .willReturn(okJson(record)));
      service.stubFor(
          delete("/v0/appwkoiIYzYJKY8e3/Table1/rec560UJdUtocSouk")
              .willReturn(okJson("{\"id\": \"rec560UJdUtocSouk\", \"deleted\": true}")));
      Map<String, Object> body = Map.of("fields", Map.of("Name", "Apollo", "Done", true));

      String id =
          connector.call("CreateaRecord", table("Table1", "body", body)).at("/body/id").asString();
      connector.call(
          "UpdateaRecord",
          Map.of("Base ID", "appwkoiIYzYJKY8e3", "Table", "Table1", "Record ID", id, "body", body));

      assertThat(
              connector
                  .call("DeleteaRecord", table("Table1", "Record ID", id))
                  .at("/body/deleted")
                  .asBoolean())
          .isTrue();
    }

    @Test
    void tellsARefusedTokenFromARefusedRecord() {
      service.stubFor(
          get(urlPathEqualTo("/v0/appwkoiIYzYJKY8e3/Table1"))
              .willReturn(
                  jsonResponse(
                      "{\"error\": {\"type\": \"AUTHENTICATION_REQUIRED\","
                          + " \"message\": \"Authentication required\"}}",
                      401)));
      service.stubFor(
          post("/v0/appwkoiIYzYJKY8e3/Table1")
              .willReturn(
                  jsonResponse(
                      "{\"error\": {\"type\": \"UNKNOWN_FIELD_NAME\","
                          + " \"message\": \"Unknown field name: \\\"Nmae\\\"\"}}",
                      422)));
      Map<String, Object> body = Map.of("fields", Map.of("Nmae", "Apollo"));

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> connector.call("CreateaRecord", table("Table1", "body", body)))
          .satisfies(e -> assertThat(e.status()).isEqualTo(422))
          .satisfies(e -> assertThat(e.body()).contains("UNKNOWN_FIELD_NAME"));
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> connector.call("ListRecords", table("Table1", "pageSize", 1)))
          .withMessageNotContaining("patYourToken")
          .matches(e -> e.reason() == AuthenticationException.Reason.REJECTED);
    }
  }

  /**
   * shopify.dev/docs/api/admin-rest: a host for each store, {@code X-Shopify-Access-Token}, next
   * pages in the header Link, and a Retry-After with a decimal point.
   */
  @Nested
  class Shopify {

    private static final String ORDERS = "/admin/api/2021-04/orders.json";
    private static final String ORDER = "{\"order\": {\"id\": 450789469, \"tags\": \"External\"}}";

    @BeforeEach
    void connect() {
      connector = Published.load("independent-publisher-connectors-shopify", internet);
      connector.connect(
          connector
              .spec()
              .with("storeurl", "johns-apparel.myshopify.com")
              .secret("api_key", Secret.of("shpat_a1b2c3")));
    }

    @Test
    void listsAndChangesOrdersOfTheStore() {
      String next =
          "<https://johns-apparel.myshopify.com/admin/api/2021-04/orders.json?limit=1"
              + "&page_info=hijgklmn>; rel=\"next\"";
      service.stubFor(
          get(urlPathEqualTo(ORDERS))
              .withHost(equalTo("johns-apparel.myshopify.com"))
              .withHeader("X-Shopify-Access-Token", equalTo("shpat_a1b2c3"))
              .withHeader("Authorization", absent())
              .withQueryParam("status", equalTo("any"))
              .withQueryParam("created_at_min", equalTo("2014-04-25T16:15:47-04:00"))
              .willReturn(
                  okJson("{\"orders\": [{\"id\": 450789469, \"total_price\": \"598.94\"}]}")
                      .withHeader("Link", next)));
      service.stubFor(
          put(urlEqualTo("/admin/api/2021-04/orders/450789469.json"))
              .withRequestBody(equalToJson(ORDER))
              .willReturn(okJson(ORDER)));

      JsonNode page =
          connector.call(
              "RetrieveAllOrders",
              Map.of("status", "any", "created_at_min", "2014-04-25T16:15:47-04:00"));
      long id = page.at("/body/orders/0/id").asLong();
      connector.call(
          "UpdateAnOrder",
          Map.of(
              "order_id",
              Long.toString(id),
              "body",
              Map.of("order", Map.of("id", id, "tags", "External"))));

      assertThat(page.path("headers").toString()).contains("page_info=hijgklmn");
    }

    @Test
    void waitsAsLongAsTheServiceAsks() {
      service.stubFor(
          get(ORDERS)
              .inScenario("leaky bucket")
              .whenScenarioStateIs("Started")
              .willReturn(
                  jsonResponse(
                          "{\"errors\": \"Exceeded 2 calls per second for api client."
                              + " Reduce request rates to resume uninterrupted service.\"}",
                          429)
                      .withHeader("Retry-After", "2.0"))
              .willSetStateTo("resumed"));
      service.stubFor(
          get(ORDERS)
              .inScenario("leaky bucket")
              .whenScenarioStateIs("resumed")
              .willReturn(okJson("{\"orders\": []}")));

      assertThat(connector.call("RetrieveAllOrders", Map.of()).at("/body/orders")).isEmpty();
      assertThat(connector.pauses()).containsExactly(Duration.ofSeconds(2));
    }
  }

  /**
   * developer.atlassian.com/cloud/jira/platform/rest/v2: a site below atlassian.net, the e-mail
   * address and an API token as basic authentication, {@code /rest/api/2}, and errors as a list of
   * messages.
   */
  @Nested
  class Jira {

    private static final String BASIC =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("fred@example.com:freds_api_token".getBytes(UTF_8));

    private Connection connect() {
      connector = Published.load("certified-connectors-jira", internet);
      ConnectionSpec fred =
          connector
              .spec()
              .with("jirainstance", "your-domain")
              .with("username", "fred@example.com")
              .secret("password", Secret.of("freds_api_token"));
      return connector.connect(fred);
    }

    private void withProjects() {
      service.stubFor(
          get("/rest/api/2/project/search")
              .withHost(equalTo("your-domain.atlassian.net"))
              .withHeader("Authorization", equalTo(BASIC))
              .willReturn(
                  okJson(
                      """
                      {"isLast": true, "maxResults": 50, "startAt": 0, "total": 1, "values": [
                        {"id": "10000", "key": "EX", "name": "Example"}]}
                      """)));
    }

    @Test
    void testsAConnectionByListingProjects() {
      withProjects();

      assertThat(connect().status().isConnected()).isTrue();
    }

    @Test
    void aRefusedTokenLeavesAConnectionThatIsNotConnected() {
      service.stubFor(
          get("/rest/api/2/project/search")
              .willReturn(
                  jsonResponse(
                      "{\"message\": \"Client must be authenticated to access this resource.\","
                          + " \"status-code\": 401}",
                      401)));

      assertThat(connect().status().isConnected()).isFalse();
    }

    @Test
    void createsReadsAndCommentsAnIssue() {
      withProjects();
      service.stubFor(
          post(urlPathEqualTo("/rest/api/2/issue"))
              .withHeader("Authorization", equalTo(BASIC))
              .withRequestBody(
                  equalToJson(
                      """
                      {"fields": {"project": {"key": "EX"}, "issuetype": {"id": "10000"},
                                  "summary": "Main order flow broken"}}
                      """))
              .willReturn(
                  created()
                      .withHeader("Content-Type", "application/json;charset=UTF-8")
                      .withBody("{\"id\": \"10000\", \"key\": \"EX-24\"}")));
      service.stubFor(
          get("/rest/api/2/issue/EX-24")
              .willReturn(
                  okJson("{\"key\": \"EX-24\", \"fields\": {\"summary\": \"Main order flow\"}}")));
      service.stubFor(
          post("/rest/api/2/issue/EX-24/comment")
              .withRequestBody(equalToJson("{\"body\": \"Fixed. See ü.\"}"))
              .willReturn(
                  created()
                      .withHeader("Content-Type", "application/json")
                      .withBody("{\"id\": \"10000\", \"body\": \"Fixed. See ü.\"}")));
      connect();

      Map<String, Object> fields =
          Map.of(
              "project", Map.of("key", "EX"),
              "issuetype", Map.of("id", "10000"),
              "summary", "Main order flow broken");
      JsonNode issue =
          connector.call(
              "CreateIssueV2",
              Map.of(
                  "projectKey", "EX", "issueTypeIds", "10000", "item", Map.of("fields", fields)));
      String key = issue.at("/body/key").asString();

      assertThat(issue.path("statusCode").asInt()).isEqualTo(201);
      assertThat(
              connector
                  .call("GetIssue", Map.of("issueKey", key))
                  .at("/body/fields/summary")
                  .asString())
          .isEqualTo("Main order flow");
      assertThat(
              connector
                  .call(
                      "AddComment",
                      Map.of("issueKey", key, "body", Map.of("body", "Fixed. See ü.")))
                  .at("/body/body")
                  .asString())
          .isEqualTo("Fixed. See ü.");
    }

    @Test
    void saysWhatJiraSaysOfAnIssueThatIsNotThere() {
      withProjects();
      service.stubFor(
          get("/rest/api/2/issue/EX-99")
              .willReturn(
                  jsonResponse(
                      "{\"errorMessages\": [\"Issue does not exist or you do not have permission"
                          + " to see it.\"], \"errors\": {}}",
                      404)));
      connect();

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> connector.call("GetIssue", Map.of("issueKey", "EX-99")))
          .satisfies(e -> assertThat(e.status()).isEqualTo(404))
          .satisfies(e -> assertThat(e.body()).contains("Issue does not exist"));
      service.verify(1, getRequestedFor(urlEqualTo("/rest/api/2/issue/EX-99")));
    }
  }
}
