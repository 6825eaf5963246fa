package dev.connectorsdk.plugin;

import static dev.connectorsdk.plugin.ConnectorLint.Severity.ERROR;
import static dev.connectorsdk.plugin.ConnectorLint.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Application;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.plugin.ConnectorLint.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ConnectorLintTest {

  private static final ConnectionParameter SITE =
      ConnectionParameter.text("site").titled("Site").described("The part before .example.com.");

  private final JsonMapper mapper = new JsonMapper();

  @Test
  void aWellMadeConnectorHasNoFindings() {
    Connector connector =
        good("https://{site}.example.com/api")
            .parameter(SITE)
            .additionalOrigin("https://{Site}.uploads.example.com")
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .auth(AuthOption.basic())
            .auth(AuthOption.bearer())
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(
                            "https://{site}.example.com/authorize",
                            "https://{site}.example.com/token")
                        .scopes("read")))
            .action(action("getTicket", Effect.READ))
            .action(action("closeTicket", Effect.WRITE))
            .action(action("deleteTicket", Effect.DESTRUCTIVE))
            .trigger(trigger("onTicket", "Ticket", "When a ticket is made."))
            .build();

    assertThat(ConnectorLint.check(connector)).isEmpty();
  }

  @Test
  void aFindingIsReadableAsOneLine() {
    assertThat(ConnectorLint.check(good("http://example.com").build()))
        .singleElement()
        .hasToString(
            "ERROR insecure-url, connector: The base URL http://example.com does not begin with"
                + " https, so that credentials would travel in the open. Use https.");
  }

  @Test
  @Tag("G2")
  void aWebhookThatNobodySignsIsFound() {
    assertThat(ConnectorLint.check(withWebhook(Signature.unsigned().bodyIsNoId().build())))
        .singleElement()
        .hasToString(
            "WARNING unsigned-webhook, trigger 'onTicket': Whoever gets to know its callback URL"
                + " can invent events. If the service signs its deliveries, declare how.");
    assertThat(ConnectorLint.check(withWebhook(Signatures.gitHub()))).isEmpty();
  }

  @Test
  @Tag("G8")
  void aConnectorWithSeveralApplicationsIsFound() {
    Application chat = application();

    assertThat(ConnectorLint.check(withApplications(chat, chat))).isEmpty();
    assertThat(ConnectorLint.check(withApplications(chat, application())))
        .singleElement()
        .hasToString(
            "ERROR several-applications, connector: Its triggers belong to several applications,"
                + " and what arrives at a URL is for one. Give all of them the same"
                + " WebhookTrigger.Application.");
  }

  @Test
  @Tag("G8")
  void triggersOfAnApplicationThatDifferInWhatTheirUrlAnswersAreFound() {
    Application chat = application();
    Connector connector =
        good("https://example.com")
            .trigger(ofApplication("json", chat).receive(delivery -> Received.nothing()))
            .trigger(
                ofApplication("image", chat)
                    .contentTypes("image/png")
                    .receive(delivery -> Received.nothing()))
            .build();

    assertThat(ConnectorLint.check(connector))
        .singleElement()
        .hasToString(
            "ERROR several-answers, connector: Triggers of its application differ in the content"
                + " types or the status for success, and all that is for them arrives at one URL."
                + " Give all of them the same.");
  }

  @Test
  @Tag("G4")
  void aHeaderThatChangesOnARepeatIsNoDeliveryId() {
    Signature byRequest =
        Signature.hmacSha256("{body}")
            .in(Signature.Encoding.HEX, Place.header("X-Signature"))
            .id("{header:X-Request-Id}")
            .build();

    assertThat(ConnectorLint.check(withWebhook(byRequest)))
        .singleElement()
        .hasToString(
            "WARNING changing-delivery-id, trigger 'onTicket': The header x-request-id changes when"
                + " a delivery is sent again. Name what the service says stays the same, or"
                + " nothing.");
  }

  @Test
  @Tag("G4")
  void whetherABodyIsAnIdHasToBeSaid() {
    Signature.Builder unsaid =
        Signature.hmacSha256("{body}").in(Signature.Encoding.HEX, Place.header("X-Signature"));

    assertThat(ConnectorLint.check(withWebhook(unsaid.build())))
        .singleElement()
        .hasToString(
            "WARNING no-delivery-id, trigger 'onTicket': A delivery with the same body as one"
                + " before counts as its repeat for seven days. Declare an id, or say bodyIsId() or"
                + " bodyIsNoId().");
    assertThat(ConnectorLint.check(withWebhook(unsaid.bodyIsNoId().build()))).isEmpty();
    assertThat(ConnectorLint.check(withWebhook(unsaid.bodyIsId().build()))).isEmpty();
  }

  private static Application application() {
    return new Application(
        Signatures.gitHub(), call -> "team", delivery -> delivery.wholeFor("team"));
  }

  private static Connector withApplications(Application... applications) {
    Connector.Builder connector = good("https://example.com");
    for (int i = 0; i < applications.length; i++) {
      connector.trigger(
          ofApplication("onTicket" + i, applications[i]).receive(delivery -> Received.nothing()));
    }
    return connector.build();
  }

  private static WebhookTrigger.Builder<Nothing, Nothing> ofApplication(
      String id, Application application) {
    return WebhookTrigger.builder(id, Nothing.class, Nothing.class)
        .titled("Ticket")
        .described("When a ticket is made.")
        .application(application);
  }

  private static Connector withWebhook(Signature signature) {
    return good("https://example.com")
        .trigger(
            WebhookTrigger.builder("onTicket", Nothing.class, Nothing.class)
                .titled("Ticket")
                .described("When a ticket is made.")
                .signature(signature)
                .subscribe((none, callback, call) -> Registration.of("1"))
                .unsubscribe((registration, call) -> {})
                .receive(delivery -> Received.nothing()))
        .build();
  }

  @Test
  @Tag("G2")
  void theSecretOfDeliveriesHasToBeASecretParameter() {
    ConnectionParameter secret =
        ConnectionParameter.secret("signing").titled("A").described("B.").optional();

    assertThat(ConnectorLint.check(signedByParameter("Signing", secret))).isEmpty();
    for (ConnectionParameter other : List.of(plain("signing").optional(), plain("x").optional())) {
      assertThat(ConnectorLint.check(signedByParameter("signing", other)))
          .singleElement()
          .hasToString(
              "ERROR no-secret-parameter, trigger 'onTicket': Connections have no secret parameter"
                  + " 'signing' to check deliveries with. Declare it with"
                  + " ConnectionParameter.secret.");
    }
  }

  private static Connector signedByParameter(String name, ConnectionParameter declared) {
    return good("https://example.com")
        .parameter(declared)
        .trigger(
            WebhookTrigger.builder("onTicket", Nothing.class, Nothing.class)
                .titled("Ticket")
                .described("When a ticket is made.")
                .signatureByParameter(name, Signatures.gitHub())
                .subscribe((none, callback, call) -> Registration.of("1"))
                .unsubscribe((registration, call) -> {})
                .receive(delivery -> Received.nothing()))
        .build();
  }

  @Test
  void textsAreMissed() {
    Connector connector =
        Connector.builder("tickets", "https://example.com")
            .version("1")
            .parameter(ConnectionParameter.text("site"))
            .auth(AuthOption.of("own", BearerScheme.standard()))
            .action(
                Action.builder("close", Effect.WRITE, Nothing.class, Nothing.class)
                    .described("close")
                    .run((input, call) -> input))
            .trigger(trigger("onTicket", "onTicket", ""))
            .test(call -> null)
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("missing-title", WARNING, "connector"),
            tuple("missing-description", WARNING, "connector"),
            tuple("missing-title", WARNING, "connector, parameter 'site'"),
            tuple("missing-description", WARNING, "connector, parameter 'site'"),
            tuple("missing-title", WARNING, "auth option 'own'"),
            tuple("missing-title", WARNING, "action 'close'"),
            tuple("missing-description", WARNING, "action 'close'"),
            tuple("missing-title", WARNING, "trigger 'onTicket'"),
            tuple("missing-description", WARNING, "trigger 'onTicket'"));
  }

  private record Since(Instant time) {}

  @Test
  @DisplayName("G10: a cursor that is a time needs an overlap")
  void aTimeAloneIsNoSafeCursor() {
    var time = polling("byTime", Instant.class);
    var record = polling("byRecord", Since.class);
    Connector connector =
        good("https://example.com")
            .trigger(time.poll((poll, call) -> Batch.of(List.of(), Instant.EPOCH)))
            .trigger(record.poll((poll, call) -> Batch.of(List.of(), new Since(Instant.EPOCH))))
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("no-overlap", WARNING, "trigger 'byTime'"),
            tuple("no-overlap", WARNING, "trigger 'byRecord'"));
  }

  @Test
  void aTimeWithAnOverlapIs() {
    Connector connector =
        good("https://example.com")
            .trigger(
                polling("byTime", Instant.class)
                    .pollOverlapping(
                        time -> time.minusSeconds(120),
                        (poll, call) -> Batch.of(List.of(), Instant.EPOCH)))
            .build();

    assertThat(ConnectorLint.check(connector)).isEmpty();
  }

  @Test
  @DisplayName("G11: what a trigger written by hand declares for a lost cursor has to be possible")
  void aTriggerThatCannotDoWhatItDeclares() {
    PollingTrigger<Since, String, Nothing> trigger =
        new PollingTrigger<>() {
          @Override
          public String id() {
            return "onTicket";
          }

          @Override
          public String title() {
            return "Ticket";
          }

          @Override
          public String description() {
            return "When a ticket is made.";
          }

          @Override
          public Shape<Since> configuration() {
            return Shape.of(Since.class);
          }

          @Override
          public Shape<Nothing> event() {
            return Shape.of(Nothing.class);
          }

          @Override
          public Shape<String> cursor() {
            return Shape.of(String.class);
          }

          @Override
          public LostCursor lostCursor() {
            return new LostCursor.Resync();
          }

          @Override
          public Set<String> cursorFields() {
            return Set.of("project");
          }

          @Override
          public Duration minimumInterval() {
            return Duration.ZERO;
          }

          @Override
          public Batch<String, Nothing> poll(Poll<Since, String> poll, ActionContext context) {
            return Batch.of(List.of(), "0");
          }
        };

    assertThat(findings(good("https://example.com").trigger(trigger).build()))
        .containsExactly(
            tuple("impossible-resync", ERROR, "trigger 'onTicket'"),
            tuple("unknown-cursor-field", ERROR, "trigger 'onTicket'"),
            tuple("invalid-interval", ERROR, "trigger 'onTicket'"));
  }

  private static <K> PollingTrigger.Builder<Nothing, K, Nothing> polling(
      String id, Class<K> cursor) {
    return PollingTrigger.builder(id, Nothing.class, cursor, Nothing.class)
        .titled("Ticket")
        .described("When a ticket is made.");
  }

  @Test
  void whatPeopleDoNotSeeNeedsNoTexts() {
    Connector connector =
        good("https://example.com")
            .parameter(ConnectionParameter.text("tenant").optional().hidden())
            .action(
                Action.builder("helper", Effect.READ, Nothing.class, Nothing.class)
                    .internal()
                    .run((input, call) -> input))
            .trigger(
                PollingTrigger.builder("tick", Nothing.class, String.class, Nothing.class)
                    .internal()
                    .poll((poll, call) -> PollingTrigger.Batch.of(List.of(), "0")))
            .build();

    assertThat(ConnectorLint.check(connector)).isEmpty();
  }

  @Test
  void aVersionAndATestAreMissed() {
    Connector connector =
        Connector.builder("tickets", "https://example.com")
            .titled("Tickets")
            .described("Tickets of an office.")
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("missing-version", WARNING, "connector"),
            tuple("no-connection-test", WARNING, "connector"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://{site.example.com, invalid-url",
    "https://{}.example.com, invalid-url",
    "https://exa mple.com, invalid-url",
    "example.com/api, invalid-url",
    "'', invalid-url",
    "https://, invalid-url",
    "https://user@example.com, invalid-url",
    "https://example.com#a, invalid-url",
    "{site}.example.com, invalid-url",
    "http://example.com, insecure-url",
    "ftp://example.com, insecure-url",
    "https://{other}.example.com, undeclared-parameter",
    "https://example.com/{secret_id}, secret-in-url"
  })
  void aBadBaseUrlIsFound(String url, String rule) {
    Connector connector =
        good(url)
            .parameter(SITE)
            .parameter(ConnectionParameter.secret("secret_id").titled("Id").described("An id."))
            .build();

    assertThat(findings(connector)).containsExactly(tuple(rule, ERROR, "connector"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://{SITE}.example.com:8443/v1/{site}",
        "{site}/api",
        "{site}",
        "https://example.com:{site}/",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://[::1]:80/a"
      })
  void aGoodBaseUrlIsAccepted(String url) {
    assertThat(ConnectorLint.check(good(url).parameter(SITE).build())).isEmpty();
  }

  @Test
  void aParameterOfOnlyOneOptionIsNotEnoughForTheBaseUrl() {
    Connector connector =
        good("https://{site}.example.com")
            .auth(AuthOption.bearer().asking(SITE))
            .auth(AuthOption.basic())
            .build();

    assertThat(findings(connector))
        .containsExactly(tuple("undeclared-parameter", ERROR, "connector"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://up.example.com/path, invalid-url",
    "https://up.example.com?a=b, invalid-url",
    "up.example.com, invalid-url",
    "http://up.example.com, insecure-url",
    "https://{region}.example.com, undeclared-parameter"
  })
  void aBadAdditionalOriginIsFound(String origin, String rule) {
    assertThat(findings(good("https://example.com").additionalOrigin(origin).build()))
        .containsExactly(tuple(rule, ERROR, "connector"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api_key",
        "apiKey",
        "API Key",
        "apikey",
        "client_secret",
        "password",
        "Passphrase",
        "accessToken",
        "secretValue",
        "token",
        "X-Auth-Token",
        "private_key",
        "subscriptionKey"
      })
  void aTextThatSoundsLikeASecretIsFound(String name) {
    Connector connector =
        good("https://example.com")
            .parameter(ConnectionParameter.text(name).titled("A").described("B."))
            .build();

    assertThat(findings(connector))
        .containsExactly(tuple("plain-secret", WARNING, "connector, parameter '" + name + "'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"site", "keyspace", "public_key", "token_url", "monkey", "client_id"})
  void aTextThatDoesNotSoundLikeASecretIsAccepted(String name) {
    Connector connector =
        good("https://example.com")
            .parameter(ConnectionParameter.text(name).titled("A").described("B."))
            .build();

    assertThat(ConnectorLint.check(connector)).isEmpty();
  }

  @Test
  void aSchemeWhoseSecretIsPlainIsFound() {
    Connector connector =
        good("https://example.com")
            .auth(
                AuthOption.of("a", ApiKeyScheme.of(ApiKeyScheme.Placement.QUERY, "k", "code"))
                    .titled("A")
                    .asking(plain("code")))
            .auth(AuthOption.of("b", new BearerScheme("pat")).titled("B").asking(plain("PAT")))
            .auth(
                AuthOption.of("c", new BasicScheme("user", "pin")).titled("C").asking(plain("pin")))
            .auth(
                AuthOption.of("d", OAuth2Scheme.clientCredentials("https://example.com/token"))
                    .titled("D")
                    .asking(plain("client_secret")))
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("plain-secret", ERROR, "auth option 'a'"),
            tuple("plain-secret", ERROR, "auth option 'b'"),
            tuple("plain-secret", ERROR, "auth option 'c'"),
            tuple("plain-secret", WARNING, "auth option 'd', parameter 'client_secret'"),
            tuple("plain-secret", ERROR, "auth option 'd'"));
  }

  @Test
  void endpointsOfASchemeAreChecked() {
    Connector connector =
        good("https://example.com")
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(
                        "http://id.example.com/authorize", "https://{tenant}.example.com/token")))
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("undeclared-parameter", ERROR, "auth option 'oauth2'"),
            tuple("insecure-url", ERROR, "auth option 'oauth2'"));
  }

  @Test
  void whatAnIssuerPublishesIsNoParameter() {
    OAuth2Scheme published = OAuth2Scheme.issuer("https://id.example.com");

    assertThat(List.of(published, published.scopes("read"), OAuth2Scheme.issuer("https://{site}")))
        .allSatisfy(
            scheme ->
                assertThat(
                        findings(
                            good("https://{site}.example.com")
                                .parameter(SITE)
                                .auth(AuthOption.oauth2(scheme))
                                .build()))
                    .isEmpty());
  }

  @Test
  void pkceThatIsSwitchedOffIsFound() {
    Connector connector =
        good("https://example.com")
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode("https://a.example", "https://b.example")
                        .withoutPkce()))
            .build();

    assertThat(findings(connector))
        .containsExactly(tuple("pkce-off", WARNING, "auth option 'oauth2'"));
  }

  @Test
  void whatIsSaidOfRefusalsIsLookedAt() {
    OAuth2Scheme scheme =
        OAuth2Scheme.clientCredentials("https://id.example.com/token")
            .dpop("ES256")
            .bearerTokenTypes("bot");

    assertThat(
            findings(
                good("https://example.com")
                    .auth(AuthOption.none().refusedBy(419))
                    .auth(AuthOption.apiKeyHeader("X-Key").named("key").refusedBy(401))
                    .auth(AuthOption.oauth2(scheme))
                    .build()))
        .containsExactly(
            tuple("refusing-answers-without-credential", WARNING, "auth option 'none'"),
            tuple("refusing-answers-401", WARNING, "auth option 'key'"),
            tuple("bearer-types-with-dpop", WARNING, "auth option 'oauth2'"));
  }

  @Test
  void aProviderThatHasToBeAskedForARefreshTokenIsAsked() {
    OAuth2Scheme google =
        OAuth2Scheme.authorizationCode(
            "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token");
    OAuth2Scheme microsoft =
        OAuth2Scheme.authorizationCode(
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token")
            .scopes("Mail.Read");

    assertThat(findings(good("https://example.com").auth(AuthOption.oauth2(google)).build()))
        .containsExactly(tuple("offline-access-not-asked", WARNING, "auth option 'oauth2'"));
    assertThat(findings(good("https://example.com").auth(AuthOption.oauth2(microsoft)).build()))
        .containsExactly(tuple("offline-access-not-asked", WARNING, "auth option 'oauth2'"));
    assertThat(
            findings(
                good("https://example.com")
                    .auth(
                        AuthOption.oauth2(google.authorizationParameter("access_type", "offline")))
                    .auth(
                        AuthOption.oauth2(microsoft.scopes("Mail.Read", "offline_access"))
                            .named("microsoft"))
                    .build()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "getTicket, WRITE",
    "list-tickets, DESTRUCTIVE",
    "Search, WRITE",
    "findAll, WRITE",
    "delete_ticket, READ",
    "RemoveTicket, READ"
  })
  void anEffectThatItsNameContradictsIsFound(String id, Effect effect) {
    assertThat(findings(good("https://example.com").action(action(id, effect)).build()))
        .containsExactly(tuple("effect-contradicts-name", WARNING, "action '" + id + "'"));
  }

  @ParameterizedTest
  @CsvSource({"getOrCreateTicket, WRITE", "getaway, WRITE", "deleteTicket, IDEMPOTENT_WRITE"})
  void anEffectThatItsNameAllowsIsAccepted(String id, Effect effect) {
    assertThat(findings(good("https://example.com").action(action(id, effect)).build())).isEmpty();
  }

  @Test
  void anEmptySchemaIsFound() {
    Connector connector =
        good("https://example.com")
            .action(
                Action.dynamic(
                        "call",
                        Effect.READ,
                        mapper.createObjectNode(),
                        mapper.readTree("{\"type\": \"object\"}"))
                    .titled("Call")
                    .described("Calls.")
                    .run((input, call) -> input))
            .build();

    assertThat(findings(connector))
        .containsExactly(tuple("empty-schema", WARNING, "action 'call'"));
  }

  @Test
  void headersThatCannotBeSentAreFound() {
    Connector connector =
        good("https://example.com")
            .auth(AuthOption.apiKeyHeader("X Key"))
            .action(
                Action.builder("close", Effect.WRITE, Nothing.class, Nothing.class)
                    .titled("Close")
                    .described("Closes.")
                    .idempotencyHeader("Key:")
                    .run((input, call) -> input))
            .build();

    assertThat(findings(connector))
        .containsExactly(
            tuple("invalid-header-name", ERROR, "auth option 'apiKey'"),
            tuple("invalid-header-name", ERROR, "action 'close'"));
  }

  @Test
  void namesThatDifferOnlyInCaseAreFound() {
    Connector connector =
        good("https://example.com")
            .parameter(SITE)
            .parameter(plain("SITE"))
            .auth(AuthOption.bearer().asking(plain("Site")))
            .auth(AuthOption.bearer().named("Bearer"))
            .action(action("closeTicket", Effect.WRITE))
            .action(action("CloseTicket", Effect.WRITE))
            .trigger(trigger("onTicket", "A", "B."))
            .trigger(trigger("OnTicket", "A", "B."))
            .build();

    assertThat(ConnectorLint.check(connector))
        .allSatisfy(finding -> assertThat(finding.id()).isEqualTo("duplicate-name"))
        .extracting(Finding::problem)
        .containsExactly(
            "Two parameters are called 'SITE', if case is ignored.",
            "Two auth options are called 'Bearer', if case is ignored.",
            "Two parameters are called 'Site', if case is ignored.",
            "Two actions are called 'CloseTicket', if case is ignored.",
            "Two triggers are called 'OnTicket', if case is ignored.");
  }

  @Test
  void aConnectorThatOffersNoAuthOptionIsFound() {
    assertThat(
            findings(
                new HandMade() {
                  @Override
                  public List<AuthOption> authOptions() {
                    return List.of();
                  }
                }))
        .containsExactly(tuple("no-auth-option", ERROR, "connector"));
  }

  @Test
  void aFileHostThatIsNoHostNameIsFound() {
    assertThat(
            findings(
                new HandMade() {
                  @Override
                  public List<String> fileHosts() {
                    return List.of("*.files.example", "https://files.example");
                  }
                }))
        .contains(tuple("invalid-host", ERROR, "connector"));
  }

  @Test
  void whatAMethodThrowsBecomesAFinding() {
    Connector connector =
        new HandMade() {
          @Override
          public String title() {
            throw new IllegalStateException("no file");
          }

          @Override
          public List<Action<?, ?>> actions() {
            throw new NoClassDefFoundError("x/Y");
          }

          @Override
          public List<Trigger<?, ?>> triggers() {
            return Arrays.asList((Trigger<?, ?>) null);
          }

          @Override
          @SuppressWarnings("NullOptional") // An author may do it.
          public Optional<ConnectionTest> connectionTest() {
            return null;
          }
        };

    assertThat(ConnectorLint.check(connector))
        .allSatisfy(finding -> assertThat(finding.id()).isEqualTo("method-fails"))
        .extracting(Finding::problem)
        .containsExactly(
            "title() throws java.lang.IllegalStateException: no file.",
            "actions() throws java.lang.NoClassDefFoundError: x/Y.",
            "triggers() returns a list with null in it.",
            "connectionTest() returns null.");
  }

  private static List<org.assertj.core.groups.Tuple> findings(Connector connector) {
    return ConnectorLint.check(connector).stream()
        .map(finding -> tuple(finding.id(), finding.severity(), finding.place()))
        .toList();
  }

  private static Connector.Builder good(String baseUrl) {
    return Connector.builder("tickets", baseUrl)
        .version("1")
        .titled("Tickets")
        .described("Tickets of an office.")
        .test(call -> null);
  }

  private static ConnectionParameter plain(String name) {
    return ConnectionParameter.text(name).titled("A").described("B.");
  }

  private static Action<Nothing, Nothing> action(String id, Effect effect) {
    return Action.builder(id, effect, Nothing.class, Nothing.class)
        .titled("Work")
        .described("Does some work.")
        .run((input, call) -> input);
  }

  private static PollingTrigger<Nothing, String, Nothing> trigger(
      String id, String title, String description) {
    return PollingTrigger.builder(id, Nothing.class, String.class, Nothing.class)
        .titled(title)
        .described(description)
        .poll((poll, call) -> PollingTrigger.Batch.of(List.of(), "0"));
  }

  /** A connector that implements the interface, as the builder would refuse its mistakes. */
  private static class HandMade implements Connector {

    @Override
    public ConnectorId id() {
      return ConnectorId.of("tickets");
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public String title() {
      return "Tickets";
    }

    @Override
    public String description() {
      return "Tickets of an office.";
    }

    @Override
    public String baseUrl() {
      return "https://example.com";
    }

    @Override
    public List<AuthOption> authOptions() {
      return List.of(AuthOption.none());
    }

    @Override
    public List<Action<?, ?>> actions() {
      return List.of();
    }

    @Override
    public Optional<ConnectionTest> connectionTest() {
      return Optional.of(call -> null);
    }
  }
}
