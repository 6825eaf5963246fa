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
import com.github.tomakehurst.wiremock.verification.NearMiss;
import dev.connectorsdk.api.error.ServiceException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The service of a test: a WireMock server on this machine, which gets every request of the
 * connector, whatever host it is for. A request that was not foreseen is answered with 404, and
 * named where the test fails. Where tokens are asked for it gives new ones, until a test says
 * something else.
 *
 * <p>Safe for use by several threads, as WireMock is.
 */
public final class TestService {

  private static final int NOT_FOUND = 404;

  private final TokenEndpoint tokens = new TokenEndpoint();
  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().bindAddress("localhost").extensions(tokens));

  private @Nullable UUID tokenStub;

  TestService() {}

  void start() {
    server.start();
    tokenStub = server.stubFor(tokens.stub()).getId();
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

  /**
   * Returns what a test has failed with, and says which of its requests have got no answer: before
   * a failure that comes of that, beside any other.
   */
  Throwable explained(Throwable failure) {
    List<String> unforeseen =
        server.findAllUnmatchedRequests().stream().map(this::unforeseen).distinct().toList();
    if (unforeseen.isEmpty()) {
      return failure;
    }
    String text = String.join("\n", unforeseen);
    if (failure instanceof ServiceException e && e.status() == NOT_FOUND) {
      return new AssertionError(text, failure);
    }
    failure.addSuppressed(new AssertionError(text));
    return failure;
  }

  private String unforeseen(LoggedRequest request) {
    String asked = request.getMethod() + " " + request.getUrl();
    String nearest =
        nearest(request)
            .map(like -> like.equals(asked) ? like + " with other headers or another body" : like)
            .map(like -> "; the nearest answer is for " + like)
            .orElse("");
    return "The test gives no answer for " + asked + nearest;
  }

  private Optional<String> nearest(LoggedRequest request) {
    return server.findNearMissesFor(request).stream()
        .map(NearMiss::getStubMapping)
        .filter(stub -> !stub.getId().equals(tokenStub))
        .map(StubMapping::getRequest)
        .map(like -> like.getMethod() + " " + like.getUrlMatcher().getExpected())
        .findFirst();
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
