package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.testkit.ConnectorTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The recipes that are a connector of their own. */
class WholeConnectorRecipesTest {

  static final Action<Nothing, String> LIST_MEETINGS =
      Action.builder("listMeetings", Effect.READ, Nothing.class, String.class)
          .run((nothing, call) -> call.http().get("/meetings").fetch(String.class));

  // tag::custom-grant[]
  static final AuthOption ACCOUNT =
      AuthOption.oauth2(
          OAuth2Scheme.custom("account_credentials", "https://meet.example/oauth/token")
              .clientAuthentication(ClientAuthentication.BASIC)
              .tokenParameter("account_id", "{account_id}"));

  static final Connector MEETINGS =
      Connector.builder("meetings", "https://api.meet.example")
          .parameter(ConnectionParameter.text("account_id").titled("Account id"))
          .auth(ACCOUNT)
          .action(LIST_MEETINGS)
          .build();

  // end::custom-grant[]

  // tag::no-openapi[]
  record City(String name) {}

  record Weather(double celsius) {}

  static final Action<City, Weather> WEATHER =
      Action.builder("getWeather", Effect.READ, City.class, Weather.class)
          .run((city, call) -> call.http().get("/{city}", city.name()).fetch(Weather.class));

  static final Connector FORECAST =
      Connector.builder("forecast", "https://weather.example/v1")
          .auth(AuthOption.apiKeyQuery("key"))
          .action(WEATHER)
          .build();

  // end::no-openapi[]

  @RegisterExtension
  final ConnectorTest meetings = ConnectorTest.of(MEETINGS).with("account_id", "a-1");

  @RegisterExtension final ConnectorTest forecast = ConnectorTest.of(FORECAST);

  @Test
  void aTokenIsGotByAGrantOfTheProvidersOwn() {
    meetings.service().answer(get("/meetings"), okJson("\"none\""));

    meetings.invoke(LIST_MEETINGS, Nothing.NOTHING);

    meetings
        .service()
        .verify(
            1,
            postRequestedFor(urlEqualTo("/oauth/token"))
                .withHeader("Authorization", containing("Basic "))
                .withRequestBody(containing("grant_type=account_credentials"))
                .withRequestBody(containing("account_id=a-1")));
    meetings
        .service()
        .verify(
            1,
            getRequestedFor(urlEqualTo("/meetings"))
                .withHeader("Authorization", equalTo("Bearer access-1")));
  }

  @Test
  void aServiceWithoutADescriptionIsAFewLines() {
    forecast.service().answer(get(urlPathEqualTo("/v1/Turin")), okJson("{\"celsius\": 21.5}"));

    assertThat(forecast.invoke(WEATHER, new City("Turin"))).isEqualTo(new Weather(21.5));
    forecast
        .service()
        .verify(
            1, getRequestedFor(urlPathEqualTo("/v1/Turin")).withQueryParam("key", matching(".+")));
  }
}
