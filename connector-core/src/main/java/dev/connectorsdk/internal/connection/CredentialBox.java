package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns named secrets into one encrypted row, and back. */
public final class CredentialBox {

  private final SecretCipher cipher;
  private final JsonMapper mapper;
  private final Function<StoredConnection, String> reach;

  /**
   * Returns a box that encrypts with {@code cipher}.
   *
   * @param reach as {@link Registry#reach} has it
   */
  public CredentialBox(
      SecretCipher cipher, JsonMapper mapper, Function<StoredConnection, String> reach) {
    this.cipher = cipher;
    this.mapper = mapper;
    this.reach = reach;
  }

  /**
   * Returns the box of a connection that is stored.
   *
   * @param entered what its owner entered
   * @throws SecretUnreadableException if that is missing, was changed, or was stored for another
   *     owner, connector or other parameters than those in the row, or to be sent elsewhere
   */
  ConnectionBox of(StoredConnection row, @Nullable StoredCredential entered) {
    Binding binding = entered == null ? null : binding(row, entered);
    if (entered == null || binding == null) {
      throw ConnectionBox.notBound(row.id(), ConnectionOpener.ENTERED);
    }
    Map<String, Secret> values = new ConnectionBox(this, binding, Map.of(), false).open(entered);
    return new ConnectionBox(this, binding, values, false);
  }

  /**
   * Returns the box of a connection for a sign-in, which replaces what was acquired. What its owner
   * entered may be {@linkplain ConnectionBox#isLost lost}; then nobody vouches for the parameters
   * in the row.
   *
   * @throws SecretUnreadableException if it was not stored for the connection as it is in the row
   */
  ConnectionBox forSignIn(StoredConnection row, StoredCredential entered) {
    try {
      return of(row, entered);
    } catch (SecretUnreadableException e) {
      Binding binding = binding(row, entered);
      if (binding == null || !entered.context().equals(binding.context(entered.slot()))) {
        throw e;
      }
      return new ConnectionBox(this, binding, Map.of(), true);
    }
  }

  /** Returns the box of a connection that begins, or drops what it acquired. */
  ConnectionBox anew(StoredConnection row, long since, Map<String, Secret> entered) {
    return anew(row, since, reach.apply(row), entered);
  }

  /**
   * Returns the same for the connector that the owner has entered the values for, which may have
   * been replaced meanwhile.
   *
   * @param reach of that connector; see {@link RegisteredOption#reach}
   */
  ConnectionBox anew(StoredConnection row, long since, String reach, Map<String, Secret> entered) {
    return new ConnectionBox(this, new Binding(row, since, reach), entered, false);
  }

  /** Returns what those beside {@code entered} are bound to; see {@link Binding#of}. */
  @Nullable Binding binding(StoredConnection row, StoredCredential entered) {
    return Binding.of(row, entered, reach.apply(row));
  }

  StoredCredential seal(
      ConnectionId connection,
      String slot,
      long version,
      String context,
      Map<String, Secret> values) {
    return StoredCredential.encrypt(cipher, connection, slot, version, context, text(values));
  }

  Map<String, Secret> open(StoredCredential row) {
    return values(row.decrypt(cipher), row.place());
  }

  /** Encrypts named secrets for a place. */
  public String encrypt(Map<String, Secret> values, Place place) {
    return cipher.encrypt(text(values), place);
  }

  private Secret text(Map<String, Secret> values) {
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = mapper.createGenerator(json)) {
      generator.writeStartObject();
      for (Map.Entry<String, Secret> value : values.entrySet()) {
        generator.writeStringProperty(value.getKey(), value.getValue().reveal());
      }
      generator.writeEndObject();
    }
    return Secret.of(json.toString());
  }

  /**
   * Decrypts what {@link #encrypt} returned for the same place.
   *
   * @throws SecretUnreadableException see {@link SecretCipher#decrypt}
   */
  public Map<String, Secret> decrypt(String ciphertext, Place place) {
    return values(cipher.decrypt(ciphertext, place), place);
  }

  private Map<String, Secret> values(Secret plaintext, Place place) {
    try {
      Map<String, Secret> values = new LinkedHashMap<>();
      JsonNode json = mapper.readTree(plaintext.reveal());
      json.properties().forEach(p -> values.put(p.getKey(), Secret.of(p.getValue().asString())));
      return values;
    } catch (JacksonException e) {
      throw new SecretUnreadableException(
          "The credentials in slot '"
              + place.field()
              + "' of '"
              + place.record()
              + "' are damaged");
    }
  }
}
