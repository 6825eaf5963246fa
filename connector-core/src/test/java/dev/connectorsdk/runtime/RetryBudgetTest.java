package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.Tickets.TicketId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How often requests are repeated while most of them fail. */
@Tag("F5")
class RetryBudgetTest extends HostTest {

  /** Failures in a row are counted elsewhere. */
  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.limits(unpaused(HttpLimits.standard()));
  }

  private static HttpLimits unpaused(HttpLimits limits) {
    return limits.withInFlight(limits.inFlight().withMaxFailures(0));
  }

  private void with(HttpLimits limits) {
    runtime.close();
    runtime = builder().limits(unpaused(limits)).build();
  }

  private static void theServiceFails() {
    service.stubFor(any(anyUrl()).willReturn(status(503)));
  }

  private static void theServiceWorks() {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  /** Returns how many requests so many calls are. */
  private int requestsOf(Caller caller, int calls) {
    service.resetRequests();
    for (int i = 0; i < calls; i++) {
      try {
        runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
      } catch (ServiceException e) {
        assertThat(e.status()).isEqualTo(503);
      }
    }
    return service.getAllServeEvents().size();
  }

  @Test
  @DisplayName("F5: while a service always fails, a connection repeats a hundred times and no more")
  void aServiceThatAlwaysFailsIsNotAskedThreeTimesForEver() {
    connect(ADA, "key");
    connect(BOB, "key");
    theServiceFails();

    assertThat(requestsOf(ADA, 1_000)).isEqualTo(1_000 + 100);
    assertThat(requestsOf(BOB, 1)).as("another connection has its own budget").isEqualTo(3);
  }

  @Test
  @DisplayName("F5: five successes give one repetition back, up to the budget")
  void successesGiveRepetitionsBack() {
    with(HttpLimits.standard().withMaxAttempts(2).withRetryBudget(10));
    connect(ADA, "key");
    theServiceFails();
    assertThat(requestsOf(ADA, 5)).isEqualTo(5 + 2);

    assertRepetitionsAfter(4, 0);
    assertRepetitionsAfter(1, 1);
    assertRepetitionsAfter(100, 2);
  }

  private void assertRepetitionsAfter(int successes, int repetitions) {
    theServiceWorks();
    requestsOf(ADA, successes);
    theServiceFails();
    assertThat(requestsOf(ADA, 5)).as("after %d successes", successes).isEqualTo(5 + repetitions);
  }

  @Test
  @DisplayName("F5: without a budget nothing is repeated")
  void withoutABudgetNothingIsRepeated() {
    with(HttpLimits.standard().withRetryBudget(0));
    connect(ADA, "key");
    theServiceFails();

    assertThat(requestsOf(ADA, 3)).isEqualTo(3);
  }
}
