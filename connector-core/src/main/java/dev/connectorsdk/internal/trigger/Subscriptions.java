package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns what is stored of subscriptions into values, and back. Safe for several threads. */
final class Subscriptions {

  private final SecretCipher cipher;
  private final JsonMapper mapper;

  Subscriptions(SecretCipher cipher, JsonMapper mapper) {
    this.cipher = cipher;
    this.mapper = mapper;
  }

  static Phase phase(StoredSubscription row) {
    return Phase.valueOf(row.life().phase());
  }

  JsonMapper mapper() {
    return mapper;
  }

  String text(SubscriptionSettings settings) {
    return settings.json(mapper.getNodeFactory()).toString();
  }

  SubscriptionSettings settings(StoredSubscription row) {
    return SubscriptionSettings.read(mapper.readTree(row.settings()));
  }

  /** Encrypts the cursor of a subscription. */
  Sealed sealCursor(String subscription, String cursor) {
    return Sealed.of(cipher, Secret.of(cursor), Kind.CURSOR.of(subscription, ""));
  }

  /**
   * Decrypts the cursor that a subscription has.
   *
   * @throws SecretUnreadableException if it cannot be decrypted
   */
  JsonNode openCursor(StoredSubscription row) {
    return open(row.progress().cursor(), Kind.CURSOR.of(row.id(), ""));
  }

  /** Encrypts the registrations of a subscription. */
  Sealed seal(String subscription, Leases leases) {
    return Sealed.of(
        cipher,
        Secret.of(LeasesJson.write(leases, mapper.getNodeFactory()).toString()),
        Kind.REGISTRATION.of(subscription, ""));
  }

  /**
   * Decrypts the registrations of a subscription that calls back.
   *
   * @throws SecretUnreadableException if they cannot be decrypted
   */
  Leases leases(StoredSubscription row) {
    return LeasesJson.read(open(row.registration(), Kind.REGISTRATION.of(row.id(), "")));
  }

  /** Returns an event as it is stored. */
  NewEvent event(String subscription, EventIdentity identity, String payload) {
    Place place = Kind.PAYLOAD.of(subscription, identity.id());
    return new NewEvent(
        identity.id(), identity.order(), Sealed.of(cipher, Secret.of(payload), place));
  }

  /**
   * Decrypts a payload that was not erased.
   *
   * @throws SecretUnreadableException if it cannot be decrypted
   */
  JsonNode payload(StoredEvent stored) {
    NewEvent event = stored.event();
    return open(event.payload(), Kind.PAYLOAD.of(stored.subscription(), event.id()));
  }

  private JsonNode open(Sealed sealed, Place place) {
    try {
      return mapper.readTree(sealed.open(cipher, place).reveal());
    } catch (JacksonException e) {
      throw new SecretUnreadableException(
          "The " + place.field() + " of subscription '" + place.record() + "' is damaged");
    }
  }
}
