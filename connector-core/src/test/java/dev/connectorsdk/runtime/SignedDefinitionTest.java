package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks of a definition whose host has said how their deliveries are signed. */
class SignedDefinitionTest extends WebhookHostTest {

  private static final Secret OF_SERVICE = Secret.of("whsec_dGhlIHNlcnZpY2UgaGFzIGNob3Nlbg==");

  private static final LoadOptions SIGNED =
      LoadOptions.standard()
          .signatureBySentSecret("sent", SIGNATURE, "body/config/secret")
          .signatureBySentSecret("inQuery", SIGNATURE, "token")
          .signatureByAnsweredSecret("answered", SIGNATURE, "/body/secret");

  private static final Secret OF_APPLICATION = Secret.of("whsec_b2YgdGhlIGFwcGxpY2F0aW9u");

  @TempDir Path folder;
  private LoadOptions options = SIGNED;
  private ClientRegistration client = ClientRegistration.publicClient("app");

  @Override
  Connector connector() {
    return load(options).connector();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    String option = connector().authOptions().get(0).id();
    return super.with(builder).client("tickets", option, client);
  }

  private Definition load(LoadOptions options) {
    String body =
        """
        {'name': 'body', 'in': 'body', 'required': true, 'schema': {
          'required': ['config'], 'properties': {
            'shop': {'type': 'string'},
            'config': {'required': ['url'%s], 'properties': {
              'url': {'type': 'string', 'x-ms-notification-url': true},
              'secret': {'type': 'string'}}}}}}""";
    String hook =
        """
        '/%1$s': {'x-ms-notification-content': {'schema': {'type': 'object'}},
          'post': {'operationId': '%1$s', 'x-ms-trigger': 'single', 'parameters': [%2$s, %3$s],
            'responses': {'201': {'description': 'made'}}}}""";
    String token = "{'name': 'token', 'in': 'query', 'type': 'string'}";
    write(
        "apiDefinition.swagger.json",
        """
        {'swagger': '2.0', 'info': {'title': 'Tickets', 'version': '1'}, 'host': 'localhost:%d',
         'schemes': ['http'],
         'securityDefinitions': {'key': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}},
         'paths': {%s}}
        """
            .formatted(
                service.port(),
                String.join(
                    ",",
                    hook.formatted("sent", body.formatted(", 'secret'"), token),
                    hook.formatted("inQuery", body.formatted(""), token),
                    hook.formatted("answered", body.formatted(""), token),
                    "'/list': {'get': {'operationId': 'list', 'responses': {}}}")));
    write(
        "apiProperties.json",
        "{'properties': {'connectionParameters': {'api_key': {'type': 'securestring'}}}}");
    return Definition.load(folder, ConnectorId.of("tickets"), options);
  }

  private void write(String name, String json) {
    try {
      Files.writeString(folder.resolve(name), json.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  Connection connect(Caller caller, String key) {
    String option = runtime.connector(caller, "tickets").authOptions().get(0).id();
    return runtime
        .connections()
        .create(caller, ConnectionSpec.of("tickets", option).secret("api_key", Secret.of(key)));
  }

  private Subscription subscribeTo(String trigger, String answer) {
    service.stubFor(
        post(urlEqualTo("/" + trigger))
            .willReturn(okJson(answer).withStatus(201).withHeader("Location", "/hooks/7")));
    var configuration = Map.of("body", Map.of("shop", "s"));
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, trigger, configuration, "announce"));
    run();
    return inspect(subscription);
  }

  private static JsonNode registeredAt(String url) {
    String body = service.findAll(postRequestedFor(urlEqualTo(url))).get(0).getBodyAsString();
    return JsonMapper.shared().readTree(body);
  }

  private static URI callback(JsonNode registered) {
    return URI.create(registered.at("/config/url").asString());
  }

  private int status(Told told, Secret secret, String id) {
    return send(new Told(told.url(), secret), id).statusCode();
  }

  @Test
  @Tag("G1")
  @Tag("G2")
  void theSecretIsMadeForTheRegistrationAndSentWhereItIsTaken() {
    Subscription subscription = subscribeTo("sent", "{}");
    assertThat(subscription.phase()).isEqualTo(Phase.ACTIVE);
    JsonNode registered = registeredAt("/sent");
    var told =
        new Told(callback(registered), Secret.of(registered.at("/config/secret").asString()));
    assertThat(registered.path("shop").asString()).isEqualTo("s");

    assertThat(send(told, "T-1").statusCode()).isEqualTo(200);
    assertThat(status(told, OF_SERVICE, "T-2")).isEqualTo(401);
    Delivery genuine = signed(told, "msg-3", item("T-3"));
    Delivery other = unsigned(item("T-4"));
    var forged = new Delivery("POST", genuine.headers(), null, other.body());
    assertThat(send(told.url(), forged).statusCode()).isEqualTo(401);
    assertThat(send(told.url(), other).statusCode()).isEqualTo(401);

    run();
    assertThat(handled).containsExactly("T-1");
    assertThat(inspect(subscription).stopsReplays()).isTrue();
  }

  @Test
  @DisplayName("G14: what the service gave no Location is not removed, but listed and refused")
  @Tag("G14")
  void withoutALocationNothingCanBeRemoved() {
    service.stubFor(post(urlEqualTo("/sent")).willReturn(okJson("{}").withStatus(201)));
    var configuration = Map.of("body", Map.of("shop", "s"));
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, "sent", configuration, "announce"));
    run();
    JsonNode registered = registeredAt("/sent");
    var told =
        new Told(callback(registered), Secret.of(registered.at("/config/secret").asString()));
    assertThat(send(told, "T-1").statusCode()).isEqualTo(200);

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(told, "T-2").statusCode()).isEqualTo(410);
    service.verify(0, deleteRequestedFor(anyUrl()));
  }

  @Test
  void aParameterTakesTheSecretAsWell() {
    service.stubFor(post(urlPathEqualTo("/inQuery")).willReturn(okJson("{}").withStatus(201)));
    var configuration = Map.of("body", Map.of("shop", "s"));
    subscribe(SubscriptionSpec.of(SHARED, "inQuery", configuration, "announce"));
    run();

    var request = service.findAll(postRequestedFor(urlPathEqualTo("/inQuery"))).get(0);
    URI url = callback(JsonMapper.shared().readTree(request.getBodyAsString()));
    Secret secret = Secret.of(request.queryParameter("token").firstValue());
    assertThat(send(new Told(url, secret), "T-1").statusCode()).isEqualTo(200);
    assertThat(status(new Told(url, secret), OF_SERVICE, "T-2")).isEqualTo(401);
  }

  @Test
  @Tag("G1")
  void theServiceMayAnswerWithTheSecret() {
    subscribeTo("answered", "{\"secret\":\"" + OF_SERVICE.reveal() + "\"}");
    var told = new Told(callback(registeredAt("/answered")), OF_SERVICE);

    assertThat(send(told, "T-1").statusCode()).isEqualTo(200);
    assertThat(status(told, Secret.of("whsec_b3RoZXJzIHNlY3JldA=="), "T-2")).isEqualTo(401);
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G2")
  void withoutTheSecretOfTheServiceNothingIsBelieved() {
    Subscription subscription = subscribeTo("answered", "{\"other\":\"x\"}");

    assertThat(subscription.phase()).isEqualTo(Phase.SUBSCRIBING);
    assertThat(subscription.lastError())
        .contains("The service's answer has no secret at '/body/secret'");
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/7")));
    var told = new Told(callback(registeredAt("/answered")), OF_SERVICE);
    assertThat(send(told, "T-1").statusCode()).isEqualTo(401);
    assertThat(send(told.url(), unsigned(item("T-2"))).statusCode()).isEqualTo(401);
  }

  @Test
  @Tag("G2")
  void theSecretMayBeThatOfTheApplication() {
    options = LoadOptions.standard().signatureByApplication("answered", SIGNATURE);
    restart();
    assertThat(subscribeTo("answered", "{}").lastError())
        .contains("needs the secret of the application's webhooks")
        .contains("ClientRegistration.withWebhookSecrets");
    service.verify(0, postRequestedFor(urlEqualTo("/answered")));

    client = client.withWebhookSecrets(OF_SERVICE, OF_APPLICATION);
    restart();
    runAfter(ROUND);
    var told = new Told(callback(registeredAt("/answered")), OF_APPLICATION);
    assertThat(send(told, "T-1").statusCode()).isEqualTo(200);
    assertThat(status(told, OF_SERVICE, "T-2")).isEqualTo(200);
    assertThat(status(told, Secret.of("whsec_b3RoZXJzIHNlY3JldA=="), "T-3")).isEqualTo(401);

    client = ClientRegistration.publicClient("app").withWebhookSecrets(OF_APPLICATION);
    restart();
    assertThat(status(told, OF_SERVICE, "T-4")).isEqualTo(401);
    assertThat(send(told, "T-5").statusCode()).isEqualTo(200);

    client = ClientRegistration.publicClient("app");
    restart();
    assertThat(send(told, "T-6").statusCode()).isEqualTo(401);
  }

  @Test
  @Tag("G2")
  void aSecretOfTheApplicationThatCannotBeUsedIsRefusedWhenTheRuntimeIsBuilt() {
    options = LoadOptions.standard().signatureByApplication("answered", SIGNATURE);
    client = client.withWebhookSecrets(Secret.of(" "));

    assertThatIllegalArgumentException()
        .isThrownBy(this::restart)
        .withMessageContaining("A webhook secret of the client");
  }

  @Test
  @Tag("G2")
  void theSecretMayBeAParameterOfTheConnection() {
    options = LoadOptions.standard().signatureByParameter("answered", SIGNATURE, "API_key");
    restart();
    assertThat(subscribeTo("answered", "{}").lastError())
        .contains("cannot use the secret of its deliveries");
    service.verify(0, postRequestedFor(urlEqualTo("/answered")));

    Connection connection = connect(ADA, OF_SERVICE.reveal());
    runtime.references().bind(ADA, SHARED, connection.id());
    runAfter(ROUND);
    var told = new Told(callback(registeredAt("/answered")), OF_SERVICE);
    assertThat(send(told, "T-1").statusCode()).isEqualTo(200);
    assertThat(status(told, OF_APPLICATION, "T-2")).isEqualTo(401);

    ConnectionSpec other =
        ConnectionSpec.of("tickets", connection.authOption()).secret("api_key", OF_APPLICATION);
    runtime.connections().update(ADA, connection.id(), other);
    assertThat(send(told, "T-3").statusCode()).isEqualTo(401);
    assertThat(status(told, OF_APPLICATION, "T-4")).isEqualTo(200);
  }

  @Test
  @Tag("G2")
  void onceItsConnectionIsDeletedNothingIsBelieved() {
    options = LoadOptions.standard().signatureByParameter("answered", SIGNATURE, "api_key");
    restart();
    Connection connection = connect(ADA, OF_SERVICE.reveal());
    runtime.references().bind(ADA, SHARED, connection.id());
    subscribeTo("answered", "{}");
    var told = new Told(callback(registeredAt("/answered")), OF_SERVICE);

    store.deleteConnection(connection.id());
    runtime.close();
    runtime = node();

    assertThat(send(told, "T-1").statusCode()).isEqualTo(401);
  }

  @Test
  void nobodyIsAskedForTheSecret() {
    Connector connector = connector();

    assertThat(schema(connector, "sent")).contains("shop", "token").doesNotContain("secret");
    assertThat(schema(connector, "inQuery")).contains("secret").doesNotContain("token");
    assertThat(schema(connector, "answered")).contains("secret", "token");
  }

  private static String schema(Connector connector, String trigger) {
    return connector.trigger(trigger).orElseThrow().configuration().givenSchema().toString();
  }

  @Test
  void theReportSaysWhatProtectsAWebhook() {
    DefinitionReport report =
        load(SIGNED.signatureBySentSecret("inQuery", Signatures.gitHub(), "token")).report();

    assertThat(trigger(report, "sent").signature()).isSameAs(SIGNATURE);
    assertThat(trigger(report, "sent").weaknesses()).isEmpty();
    assertThat(trigger(report, "inQuery").weaknesses())
        .singleElement()
        .asString()
        .startsWith("the signature does not cover what repetitions are recognised by");
    assertThat(trigger(load(LoadOptions.standard()).report(), "sent").weaknesses())
        .singleElement()
        .asString()
        .startsWith("deliveries are not signed: they are protected by the callback URL alone");
  }

  private static DefinitionReport.Trigger trigger(DefinitionReport report, String id) {
    return report.operation(id).orElseThrow().trigger();
  }

  @Test
  @DisplayName("H5: a secret that only checks signatures is no limitation")
  void aSecretThatOnlyChecksSignaturesIsNoLimitation() {
    load(LoadOptions.standard());
    write(
        "apiProperties.json",
        """
        {'properties': {'connectionParameters': {
          'api_key': {'type': 'securestring'}, 'signing': {'type': 'securestring'}}}}""");
    ConnectorId id = ConnectorId.of("tickets");
    LoadOptions signed = LoadOptions.standard().signatureByParameter("sent", SIGNATURE, "Signing");

    assertThat(Definition.load(folder, id, LoadOptions.standard()).report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .containsExactly("it asks for 'signing', which no request carries");
    assertThat(Definition.load(folder, id, signed).report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .containsOnlyNulls();
  }

  @Test
  void aSignatureThatCannotHoldIsRefused() {
    LoadOptions options = LoadOptions.standard();

    for (String id : List.of("Sent", "list", "other")) {
      assertThatExceptionOfType(DefinitionException.class)
          .isThrownBy(() -> load(options.signatureByAnsweredSecret(id, SIGNATURE, "/body/secret")))
          .withMessageContaining("has no webhook '" + id + "'");
    }
    for (String input : List.of("config", "token/part", "Body/secret")) {
      assertThatExceptionOfType(DefinitionException.class)
          .isThrownBy(() -> load(options.signatureBySentSecret("sent", SIGNATURE, input)))
          .withMessageContaining("has no input '" + input + "' for the secret");
    }
    for (String parameter : List.of("shop", "secret", "")) {
      assertThatExceptionOfType(DefinitionException.class)
          .isThrownBy(() -> load(options.signatureByParameter("sent", SIGNATURE, parameter)))
          .withMessageContaining(
              "has no secret connection parameter '" + parameter + "' for the signature of 'sent'");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.signature("sent", SIGNATURE))
        .withMessageContaining("needs a secret");
    Signature publicKey = Signatures.standardWebhooksWithPublicKey();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.signatureBySentSecret("sent", publicKey, "token"))
        .withMessageContaining("public key of the service");
    assertThat(load(options.signature("sent", Signatures.asana())).report().operation("sent"))
        .isPresent();
  }
}
