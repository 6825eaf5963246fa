package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the credentials of a connection are bound to besides their row: whoever writes into the
 * store gives none to another owner or connector, and sends none to another address.
 *
 * <p>All are bound to owner, environment, connector and auth option. What the owner entered, which
 * every connection has even if it is nothing, is bound to the parameters too, and vouches for them:
 * it is encrypted anew when they change. What was acquired need not be then, so that nobody's
 * renewal comes to nothing; it is dropped where the address changes, and a number tells what was
 * acquired before from what came after.
 *
 * <p>All are bound, too, to where a connector that may be replaced sends them, and to the gateway
 * that they go through.
 *
 * @param since that number: the version of what was entered when the last was dropped
 * @param reach as {@link Registry#reach} has it
 */
record Binding(StoredConnection row, long since, String reach) {

  /**
   * Returns what the credentials beside {@code entered} are bound to.
   *
   * @return {@code null} if it does not say that
   */
  static @Nullable Binding of(StoredConnection row, StoredCredential entered, String reach) {
    String context = entered.context();
    String since = context.substring(0, Math.max(0, context.indexOf(' ')));
    return since.matches("[0-9]{1,18}") ? new Binding(row, Long.parseLong(since), reach) : null;
  }

  /** Returns the context of what is in a slot. */
  String context(String slot) {
    return since + " " + digest(slot.equals(ConnectionOpener.ENTERED) ? row.parameters() : "");
  }

  private String digest(String parameters) {
    MessageDigest digest = Sha256.start();
    for (String part :
        new String[] {
          row.environment().name(),
          row.owner().toString(),
          row.connector().value(),
          row.authOption(),
          parameters
        }) {
      add(digest, part);
    }
    String gateway = row.settings().gateway();
    if (!reach.isEmpty() || gateway != null) {
      add(digest, reach);
    }
    if (gateway != null) {
      add(digest, gateway);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
