package dev.connectorsdk.gateway;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way into an inside network, over any of its members.
 *
 * @param id unique
 * @param name by which people know it
 * @param environment whose connections may lead through it
 * @param spread whether requests go to all members in turn; else to the first one that has a line
 * @param fingerprint of the key that secrets are sealed with, or {@code null} before the first
 *     member has made one
 * @param members in the order in which they are asked
 * @param shares who may use it, and how; not shown to callers who do not look after it
 */
public record Gateway(
    String id,
    String name,
    Environment environment,
    boolean spread,
    @Nullable String fingerprint,
    List<Member> members,
    List<Share> shares) {

  public Gateway {
    members = List.copyOf(members);
    shares = List.copyOf(shares);
  }

  /**
   * A process inside the network.
   *
   * @param id unique in its gateway
   * @param name by which people know it
   * @param fingerprint of its own keys, which whoever lets it in compares with what it shows itself
   * @param confirmed whether it was let in; it carries no request before
   */
  public record Member(
      String id, String name, String fingerprint, boolean confirmed, Instant registeredAt) {}

  /** What somebody may do with a gateway. */
  public enum Role {
    /** Make connections through it. */
    USER,
    /** Also change its members, and who may use it. */
    ADMIN
  }

  /**
   * That somebody may use a gateway.
   *
   * @param with who; a group stands for its members
   * @param by who has said so
   */
  public record Share(Principal with, Role role, Principal by) {}
}
