package dev.connectorsdk.testkit;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Freshness;
import dev.connectorsdk.testkit.KnownRegistrations.Known;
import dev.connectorsdk.testkit.SampleJson.Fill;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@link ContractRule#WEBHOOK}. */
final class WebhookCheck implements Check {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.called().isEmpty()
        ? Optional.of("no trigger is called by the service")
        : Optional.empty();
  }

  @Override
  public boolean isSeenFromDeclaration() {
    return true;
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (WebhookTrigger<?, ?> trigger : connector.called()) {
      Probe probe = connector.probeOf(trigger);
      if (probe == null) {
        problems.add(ContractCase.notRehearsed(trigger));
        continue;
      }
      try (Rig rig = connector.rig()) {
        new Deliveries(connector, rig, trigger, probe)
            .check()
            .ifPresent(problem -> problems.add(probe.place() + " " + problem));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return problems;
  }

  /** The deliveries of one trigger. */
  private record Deliveries(
      ContractCase connector, Rig rig, WebhookTrigger<?, ?> trigger, Probe probe) {

    Optional<String> check() throws IOException {
      rig.service().answers(probe.goodService());
      rig.runtime()
          .triggers()
          .subscribe(
              rig.caller(),
              SubscriptionSpec.of(rig.reference(), trigger.id(), probe.input(), rig.handler()));
      rig.runtime().runDueTriggers();
      Known known = rig.registrations().of(trigger.id());
      if (known == null) {
        return Optional.of("does not register its callback.");
      }
      SampleDelivery sample =
          SampleDelivery.of(
              trigger,
              known,
              connector.subject().signingKeys().get(trigger.id()),
              connector.subject().values());
      try {
        return check(sample);
      } catch (IllegalArgumentException e) {
        return Optional.of(
            "declares a signature that cannot be made here: "
                + e.getMessage()
                + " Give what the service signs with: signedWith(\""
                + trigger.id()
                + "\", ...).");
      }
    }

    private Optional<String> check(SampleDelivery sample) throws IOException {
      Signature signature = trigger.signature();
      Instant now = rig.clock().instant();
      String body = body();
      if (!signature.isUnsigned()) {
        if (isTaken(() -> sample.forged(body, now))
            || (!signature.algorithm().hasPublicKey()
                && isTaken(() -> sample.signedByAnother(body, now)))) {
          return Optional.of(
              "takes a delivery that somebody else has signed. Declare the signature as the service"
                  + " makes it, or have the verifier throw DeliveryRefusedException.");
        }
        Freshness freshness = signature.freshness();
        if (freshness != null
            && isTaken(() -> sample.signed(body, now.minus(freshness.past()).minus(MINUTE)))) {
          return Optional.of("takes a delivery that is older than it declares.");
        }
      }
      return rightOnes(sample, body, now);
    }

    private Optional<String> rightOnes(SampleDelivery sample, String body, Instant now)
        throws IOException {
      WebhookRequest right = sample.signed(body, now);
      byte[] bytes = right.body().readAllBytes();
      int status = receive(TriggerWatch.copy(right, bytes));
      rig.runtime().runDueTriggers();
      if (status != trigger.successStatus() || rig.handled().isEmpty()) {
        return Optional.of(
            "does not take a delivery that is signed as it declares: status "
                + status
                + ", "
                + rig.handled().size()
                + " events. Give a body that the service sends: delivery(\""
                + trigger.id()
                + "\", \"...\").");
      }
      int once = rig.handled().size();
      boolean isRecognised = trigger.signature().id() != null || trigger.signature().bodyIsId();
      receive(TriggerWatch.copy(right, bytes));
      rig.restart();
      receive(TriggerWatch.copy(right, bytes));
      rig.runtime().runDueTriggers();
      if (isRecognised && rig.handled().size() > once) {
        return Optional.of(
            "has a delivery handled again that the service sends again. Take the id of the event"
                + " from the delivery, or leave it empty where the signature says what a repetition"
                + " is.");
      }
      return Optional.empty();
    }

    private String body() {
      String given = connector.subject().deliveries().get(trigger.id());
      return given == null
          ? SampleJson.of(rig.runtime().schema(trigger.event()), Fill.FULL).toString()
          : given;
    }

    private boolean isTaken(Supplier<WebhookRequest> delivery) throws IOException {
      int status = receive(delivery.get());
      return status >= 200 && status < 300;
    }

    private int receive(WebhookRequest delivery) throws IOException {
      return rig.runtime().triggers().receive(delivery).status();
    }
  }
}
