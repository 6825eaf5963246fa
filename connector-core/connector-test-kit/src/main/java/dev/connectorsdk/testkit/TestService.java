package dev.connectorsdk.testkit;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.CountMatchingStrategy;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/**
 * The service of a test: a WireMock server on this machine, which gets every request of the
 * connector, whatever host it is for. A request that was not foreseen is answered with 404. Where
 * tokens are asked for it gives new ones, until a test says something else.
 *
 * <p>Safe for use by several threads, as WireMock is.
 */
public final class TestService {

  private final TokenEndpoint tokens = new TokenEndpoint();
  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().bindAddress("localhost").extensions(tokens));

  TestService() {}

  void start() {
    server.start();
    server.stubFor(tokens.stub());
  }

  void stop() {
    server.stop();
  }

  /** Returns the address of the server, {@code http://localhost:40123}. */
  public URI url() {
    return URI.create(server.baseUrl());
  }

  /** Answers a request in one way, from now on. */
  public void answer(MappingBuilder request, ResponseDefinitionBuilder answer) {
    server.stubFor(request.willReturn(answer));
  }

  /**
   * Answers a request with one answer after the other, and then with the last one again.
   *
   * @throws IllegalArgumentException if there is no answer
   */
  public void answerInTurn(MappingBuilder request, ResponseDefinitionBuilder... answers) {
    if (answers.length == 0) {
      throw new IllegalArgumentException("Say at least one answer");
    }
    String turns = UUID.randomUUID().toString();
    String like = StubMapping.buildJsonStringFor(request.build());
    for (int i = 0; i < answers.length; i++) {
      StubMapping turn = StubMapping.buildFrom(like);
      turn.setId(UUID.randomUUID());
      turn.setScenarioName(turns);
      turn.setRequiredScenarioState(i == 0 ? Scenario.STARTED : state(i));
      turn.setNewScenarioState(i + 1 < answers.length ? state(i + 1) : null);
      turn.setResponse(answers[i].build());
      server.addStubMapping(turn);
    }
  }

  private static String state(int answered) {
    return "answered " + answered;
  }

  /**
   * Fails unless there were so many such requests.
   *
   * @throws AssertionError which lists what came instead
   */
  public void verify(int count, RequestPatternBuilder requests) {
    verify(WireMock.exactly(count), requests);
  }

  /**
   * Fails unless there were as many such requests.
   *
   * @throws AssertionError which lists what came instead
   */
  public void verify(CountMatchingStrategy count, RequestPatternBuilder requests) {
    server.verify(count, requests);
  }

  /** Returns such requests, the first one first. */
  public List<LoggedRequest> requests(RequestPatternBuilder like) {
    return server.findAll(like);
  }

  /** Returns how many tokens were issued. */
  public int tokensIssued() {
    return tokens.issued();
  }

  /** Returns the server, for whatever else WireMock can do. The kit starts and stops it. */
  public WireMockServer wireMock() {
    return server;
  }
}
