package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns named secrets into one encrypted row, and back. */
public final class CredentialBox {

  private final SecretCipher cipher;
  private final JsonMapper mapper;

  /** Returns a box that encrypts with {@code cipher}. */
  public CredentialBox(SecretCipher cipher, JsonMapper mapper) {
    this.cipher = cipher;
    this.mapper = mapper;
  }

  StoredCredential seal(
      ConnectionId connection, String slot, long version, Map<String, Secret> values) {
    String ciphertext = encrypt(values, new Place(connection.value(), slot, version));
    return new StoredCredential(connection, slot, version, cipher.currentKeyId(), ciphertext);
  }

  Map<String, Secret> open(StoredCredential row) {
    return decrypt(row.ciphertext(), row.place());
  }

  /** Encrypts named secrets for a place. */
  public String encrypt(Map<String, Secret> values, Place place) {
    ObjectNode json = mapper.createObjectNode();
    values.forEach((name, secret) -> json.put(name, secret.reveal()));
    return cipher.encrypt(Secret.of(mapper.writeValueAsString(json)), place);
  }

  /**
   * Decrypts what {@link #encrypt} returned for the same place.
   *
   * @throws SecretUnreadableException see {@link SecretCipher#decrypt}
   */
  public Map<String, Secret> decrypt(String ciphertext, Place place) {
    Secret plaintext = cipher.decrypt(ciphertext, place);
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
