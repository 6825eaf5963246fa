package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A token endpoint that says what it is told to, and remembers what it was asked. */
final class TokenServer implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private final WireMockServer wireMock =
      new WireMockServer(
          WireMockConfiguration.wireMockConfig()
              .dynamicPort()
              .containerThreads(80)
              .asynchronousResponseEnabled(true));

  @Override
  public void beforeAll(ExtensionContext context) {
    wireMock.start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    wireMock.resetAll();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    wireMock.stop();
  }

  String url() {
    return wireMock.url("/token");
  }

  String followUpUrl() {
    return wireMock.url("/longer");
  }

  /** Issues a token without a refresh token. */
  void issues(String accessToken, long seconds) {
    answers(
        """
        {"access_token": "%s", "token_type": "Bearer", "expires_in": %d}
        """
            .formatted(accessToken, seconds));
  }

  void issues(String accessToken, String refreshToken, long seconds) {
    answers(
        """
        {"access_token": "%s", "token_type": "Bearer", "expires_in": %d, "refresh_token": "%s"}
        """
            .formatted(accessToken, seconds, refreshToken));
  }

  void answers(String json) {
    answers(okJson(json));
  }

  /** Answers like {@link #issues(String, long)}, but so slowly that everybody comes meanwhile. */
  void issuesSlowly(String accessToken, long seconds) {
    answers(
        okJson(
                """
                {"access_token": "%s", "token_type": "Bearer", "expires_in": %d}
                """
                    .formatted(accessToken, seconds))
            .withFixedDelay(500));
  }

  void refuses(String code) {
    answers(
        aResponse()
            .withStatus(400)
            .withHeader("Content-Type", "application/json")
            .withBody("{\"error\": \"" + code + "\"}"));
  }

  void fails(int status) {
    answers(aResponse().withStatus(status));
  }

  void breaksOff() {
    answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
  }

  /** Gives one answer after the other, and the last one for ever. */
  void inTurn(ResponseDefinitionBuilder... responses) {
    inTurn("/token", responses);
  }

  /** Like {@link #inTurn}, what a second endpoint says, to which a token is taken. */
  void followsUp(ResponseDefinitionBuilder... responses) {
    inTurn("/longer", responses);
  }

  private void inTurn(String path, ResponseDefinitionBuilder... responses) {
    String state = Scenario.STARTED;
    for (int i = 0; i < responses.length; i++) {
      String next = i + 1 < responses.length ? "after " + (i + 1) : state;
      wireMock.stubFor(
          post(urlPathEqualTo(path))
              .inScenario(path)
              .whenScenarioStateIs(state)
              .willReturn(responses[i])
              .willSetStateTo(next));
      state = next;
    }
  }

  static ResponseDefinitionBuilder pair(String accessToken, String refreshToken) {
    return okJson(
        """
        {"access_token": "%s", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "%s"}
        """
            .formatted(accessToken, refreshToken));
  }

  static ResponseDefinitionBuilder refusal(String code) {
    return aResponse()
        .withStatus(400)
        .withHeader("Content-Type", "application/json")
        .withBody("{\"error\": \"" + code + "\"}");
  }

  void answers(ResponseDefinitionBuilder response) {
    MappingBuilder token = post(urlPathEqualTo("/token"));
    wireMock.stubFor(token.willReturn(response));
  }

  int requests() {
    return all().size();
  }

  int followUps() {
    return wireMock.findAll(postRequestedFor(urlPathEqualTo("/longer"))).size();
  }

  /** Returns the form of the latest request. */
  Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : latest().getBodyAsString().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String before =
          form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
      if (before != null) {
        throw new AssertionError("The form has " + parts[0] + " twice");
      }
    }
    return form;
  }

  /** Returns the refresh tokens of all requests, in order. */
  List<String> spent() {
    List<String> spent = new ArrayList<>();
    for (LoggedRequest request : all()) {
      spent.add(request.getBodyAsString().replaceAll(".*refresh_token=([^&]*).*", "$1"));
    }
    return spent;
  }

  LoggedRequest latest() {
    List<LoggedRequest> all = all();
    return all.get(all.size() - 1);
  }

  /** In the order of their arrival. */
  private List<LoggedRequest> all() {
    return wireMock.findAll(postRequestedFor(urlPathEqualTo("/token")));
  }
}
