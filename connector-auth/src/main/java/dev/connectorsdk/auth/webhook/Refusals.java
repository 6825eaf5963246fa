package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Place;

/** What is said of deliveries that are refused: where something was wrong, never what was there. */
final class Refusals {

  private Refusals() {}

  static DeliveryRefusedException missing(Object what) {
    return refused(Reason.MISSING, what + " is missing");
  }

  static DeliveryRefusedException malformed(Object what, String problem) {
    return refused(Reason.MALFORMED, what + " " + problem);
  }

  static DeliveryRefusedException unknown(Place place) {
    return refused(Reason.UNKNOWN, place + " has no value that is accepted");
  }

  static DeliveryRefusedException wrong(String what) {
    return refused(Reason.WRONG, what + " does not fit");
  }

  static DeliveryRefusedException refused(Reason reason, String problem) {
    return new DeliveryRefusedException(reason, "Delivery refused: " + problem);
  }
}
