package dev.connectorsdk.internal.trigger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
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

  /** How many characters of cursors are kept in memory: those of about 40,000 subscriptions. */
  private static final int MOST_CURSORS = 56 * 1024 * 1024;

  /** How many characters of settings are kept in memory: those of as many subscriptions. */
  private static final int MOST_SETTINGS = 32 * 1024 * 1024;

  private static final int PER_ENTRY = 500;

  /** How much longer a cursor is once it is encrypted, in Base64. */
  private static final int PER_CIPHERTEXT = 500;

  private final SecretCipher cipher;
  private final JsonMapper mapper;

  /** By their text, because turn after turn reads the same one. */
  private final Cache<String, SubscriptionSettings> settings =
      Caffeine.newBuilder()
          .maximumWeight(MOST_SETTINGS)
          .weigher((String text, SubscriptionSettings read) -> PER_ENTRY + text.length())
          .executor(Runnable::run)
          .build();

  /** By subscription, so that the next poll need not decrypt what the last one has encrypted. */
  private final Cache<String, OpenCursor> cursors =
      Caffeine.newBuilder()
          .maximumWeight(MOST_CURSORS)
          .weigher((String subscription, OpenCursor cursor) -> PER_ENTRY + cursor.length())
          .executor(Runnable::run)
          .build();

  private record OpenCursor(Sealed sealed, String text) {

    /** Returns how long both texts are at most, without having the one encrypted for that. */
    int length() {
      return 3 * text.length() + PER_CIPHERTEXT;
    }
  }

  Subscriptions(SecretCipher cipher, JsonMapper mapper) {
    this.cipher = cipher;
    this.mapper = mapper;
  }

  static Phase phase(StoredSubscription row) {
    return known(Phase.class, row.life().phase(), "phase");
  }

  /**
   * Returns what a text that was stored names.
   *
   * @throws StoreException if it names nothing that this version knows
   */
  static <E extends Enum<E>> E known(Class<E> type, String text, String kind) {
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "A subscription in the database has a "
              + kind
              + " that this version does not know. Was it written by a later version, or by hand?",
          false,
          e);
    }
  }

  JsonMapper mapper() {
    return mapper;
  }

  String text(SubscriptionSettings settings) {
    return settings.json(mapper.getNodeFactory()).toString();
  }

  SubscriptionSettings settings(StoredSubscription row) {
    return settings.get(row.settings(), text -> SubscriptionSettings.read(mapper.readTree(text)));
  }

  /** Has the cursor of a subscription encrypted by whoever writes it down. */
  Sealed sealCursor(String subscription, String cursor) {
    Sealed sealed = Sealed.whenRead(cipher, Secret.of(cursor), Kind.CURSOR.of(subscription, ""));
    cursors.put(subscription, new OpenCursor(sealed, cursor));
    return sealed;
  }

  /**
   * Returns the cursor that a subscription has.
   *
   * @throws SecretUnreadableException if it cannot be decrypted
   */
  JsonNode openCursor(StoredSubscription row) {
    Sealed sealed = row.progress().cursor();
    Place place = Kind.CURSOR.of(row.id(), "");
    OpenCursor known = cursors.getIfPresent(row.id());
    if (known == null || !known.sealed().equals(sealed)) {
      known = new OpenCursor(sealed, sealed.open(cipher, place).reveal());
      cursors.put(row.id(), known);
    }
    return json(known.text(), place);
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
    return json(sealed.open(cipher, place).reveal(), place);
  }

  private JsonNode json(String text, Place place) {
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      throw new SecretUnreadableException(
          "The " + place.field() + " of subscription '" + place.record() + "' is damaged");
    }
  }
}
