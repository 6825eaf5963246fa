package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.matching.RequestPatternBuilder.newRequestPattern;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.event.ConnectorEvent.SubscriptionChanged;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A subscription follows its reference, wherever that leads, and outlives a broken connection. */
class FollowingTest extends WebhookHostTest {

  /** A little more than the time after which it is looked whether what broke works again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(61);

  private String site = "one";

  @Override
  Connector connector() {
    isAccount("ada");
    service.stubFor(post(urlPathMatching("/.+/hooks")).willReturn(okJson("{\"id\":\"h-1\"}")));
    return Connector.builder("tickets", url() + "/{site}")
        .titled("Tickets")
        .described("Tickets of a service for tests.")
        .version("1")
        .parameter(ConnectionParameter.text("site").titled("Site"))
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .test(
            call -> {
              String login = call.http().get("/me").fetch(Tickets.Me.class).login();
              return new Account(login, login);
            })
        .trigger(trigger())
        .trigger(Feed.ITEMS)
        .build();
  }

  private static void isAccount(String login) {
    service.stubFor(get(urlMatching("/.+/me")).willReturn(okJson("{\"login\":\"" + login + "\"}")));
  }

  @Override
  Connection connect(Caller caller, String key) {
    return runtime.connections().create(caller, values(key));
  }

  private ConnectionSpec values(String key) {
    return ConnectionSpec.of("tickets", "apiKey")
        .with("site", site)
        .secret("api_key", Secret.of(key));
  }

  private Connection bind(String key) {
    Connection connection = connect(ADA, key);
    runtime.references().bind(ADA, SHARED, connection.id());
    return connection;
  }

  private static void feed(String after, String answer) {
    service.stubFor(
        get(urlPathMatching("/.+/feed"))
            .withQueryParam("after", equalTo(after))
            .willReturn(okJson(answer)));
  }

  private Subscription subscribeToFeed() {
    service.stubFor(get(urlPathMatching("/.+/feed")).willReturn(okJson(Feed.page(1))));
    feed("1", Feed.page(1));
    Subscription subscription = subscribe();
    run();
    return subscription;
  }

  @Test
  void anotherConnectionToTheSameAccountGoesOnWithTheCursor() {
    Subscription subscription = subscribeToFeed();
    bind("other-key");
    feed("1", Feed.page(2, "T-1"));

    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1");
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  void anotherAddressOfTheSameConnectionIsALostCursor() {
    Subscription subscription = subscribeToFeed();
    Connection connection = runtime.connections().list(ADA).get(0);
    site = "two";
    runtime.connections().update(ADA, connection.id(), values("ada-key"));

    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @DisplayName("G14: the new registration is made first, then the old one ends with its credential")
  @Tag("G14")
  void registersAnewBeforeTheOldOneEnds() {
    subscribeToHook();
    bind("other-key");

    runAfter(ROUND);

    List<LoggedRequest> sent =
        service.findAll(newRequestPattern(RequestMethod.ANY, urlMatching("/one/hooks.*")));
    assertThat(sent)
        .extracting(r -> r.getMethod() + " " + r.getHeader("X-Api-Key"))
        .containsExactly("POST ada-key", "POST other-key", "DELETE ada-key");
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  @DisplayName("G14: before its connection leads elsewhere, the old registration is removed there")
  @Tag("G14")
  void anotherAddressOfTheSameConnectionIsRegisteredAnew() {
    Subscription subscription = subscribeToHook();
    URI old = registered("one");
    Connection connection = runtime.connections().list(ADA).get(0);
    site = "two";
    runtime.connections().update(ADA, connection.id(), values("ada-key"));
    service.verify(1, deleteRequestedFor(urlEqualTo("/one/hooks/h-1")));
    runAfter(ROUND);

    service.verify(1, postRequestedFor(urlEqualTo("/two/hooks")));
    assertThat(registered("two")).isNotEqualTo(old);
    assertThat(inspect(subscription).orphans()).isZero();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @DisplayName("G14: what cannot be removed before its connection leads elsewhere is an orphan")
  @Tag("G14")
  void whatCannotBeRemovedAtTheFormerAddressIsListed() {
    Subscription subscription = subscribeToHook();
    URI old = registered("one");
    service.stubFor(delete(urlMatching("/one/.*")).willReturn(aResponse().withStatus(500)));
    site = "two";
    Connection connection = runtime.connections().list(ADA).get(0);
    runtime.connections().update(ADA, connection.id(), values("ada-key"));
    for (int i = 0; i < 30; i++) {
      runAfter(ROUND);
    }

    service.verify(0, deleteRequestedFor(urlMatching("/two/.*")));
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(old, unsigned(item("T-1"))).statusCode()).isEqualTo(410);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
  }

  @Test
  @DisplayName("G14: another key of the same account keeps the registration")
  @Tag("G14")
  void anotherKeyOfTheSameAccountKeepsTheRegistration() {
    subscribeToHook();
    Connection connection = runtime.connections().list(ADA).get(0);
    runtime.connections().update(ADA, connection.id(), values("newer-key"));
    runAfter(ROUND);

    service.verify(1, postRequestedFor(urlMatching("/.+/hooks")));
    service.verify(0, deleteRequestedFor(urlMatching("/.*")));
  }

  private static URI registered(String site) {
    LoggedRequest request =
        service.findAll(postRequestedFor(urlEqualTo("/" + site + "/hooks"))).get(0);
    return URI.create(
        JsonMapper.shared().readTree(request.getBodyAsString()).path("url").asString());
  }

  @Test
  void aDeletedConnectionIsWaitedForAndAnotherGoesOnFromTheCursor() {
    Subscription subscription = subscribeToFeed();
    runtime.connections().delete(ADA, runtime.connections().list(ADA).get(0).id());
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).isNotEmpty();

    bind("new-key");
    feed("1", Feed.page(2, "T-1"));
    runAfter(LOOK_AGAIN);
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1");
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  void aConnectionWhoseCredentialIsRefusedIsWaitedForAndGoesOnFromTheCursor() {
    Subscription subscription = subscribeToFeed();
    service.stubFor(
        get(urlMatching("/.+/me"))
            .withHeader("X-Api-Key", equalTo("ada-key"))
            .willReturn(aResponse().withStatus(401)));
    runtime.connections().test(ADA, runtime.connections().list(ADA).get(0).id());
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);

    runtime
        .connections()
        .update(ADA, runtime.connections().list(ADA).get(0).id(), values("new-key"));
    service.stubFor(
        get(urlPathMatching("/.+/feed"))
            .withQueryParam("after", equalTo("1"))
            .withHeader("X-Api-Key", equalTo("new-key"))
            .willReturn(okJson(Feed.page(2, "T-1"))));
    runAfter(LOOK_AGAIN);
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1");
    assertThat(heard(SubscriptionChanged.class))
        .extracting(SubscriptionChanged::to)
        .containsExactly("WAITING", "ACTIVE");
    assertThat(heard(EventsMissing.class)).isEmpty();
  }
}
