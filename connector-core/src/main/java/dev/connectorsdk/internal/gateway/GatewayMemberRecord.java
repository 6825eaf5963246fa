package dev.connectorsdk.internal.gateway;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member of a gateway, as the host knows it.
 *
 * @param id unique in the gateway
 * @param name by which people know it
 * @param keys its public ones
 * @param confirmed whether somebody who has the gateway's key has let it in
 * @param handed the gateway's key, encrypted for this member alone, or {@code null}
 */
record GatewayMemberRecord(
    String id,
    String name,
    PublicKeys keys,
    Instant registeredAt,
    boolean confirmed,
    @Nullable String handed) {

  /**
   * The public halves of a member's own keys.
   *
   * @param identity by which it proves who it is
   * @param handOver that secrets for it are encrypted for
   */
  record PublicKeys(ECKey identity, SealingKey handOver) {

    String fingerprint() {
      return MemberKeys.fingerprint(identity, handOver);
    }
  }

  GatewayMemberRecord letIn(@Nullable String handed) {
    return new GatewayMemberRecord(id, name, keys, registeredAt, true, handed);
  }

  GatewayMemberRecord keptOut() {
    return new GatewayMemberRecord(id, name, keys, registeredAt, false, null);
  }
}
