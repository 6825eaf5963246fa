package dev.connectorsdk.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a gateway have lines to the host, and how these are. What other processes of the
 * host than the one that was asked have to say is up to 6 s old; the lines of one that has ended
 * suddenly are shown for up to 16 s.
 *
 * @param gateway its id
 * @param at when this was put together
 * @param members in the order in which they are asked
 */
public record GatewayStatus(String gateway, Instant at, List<Member> members) {

  public GatewayStatus {
    members = List.copyOf(members);
  }

  /**
   * A member.
   *
   * @param id unique in its gateway
   * @param name by which people know it
   * @param confirmed whether it was let in; it carries no request before
   * @param lastSeen when something was last heard of it, of one without a line to a minute; {@code
   *     null} if it never had a line
   * @param lines one to each process of the host, if all is well
   * @param copy who has shown the same key last and was refused, or {@code null}
   */
  public record Member(
      String id,
      String name,
      boolean confirmed,
      @Nullable Instant lastSeen,
      List<Line> lines,
      @Nullable Copy copy) {

    public Member {
      lines = List.copyOf(lines);
    }

    /** Returns whether it has a line to any process of the host. */
    public boolean isConnected() {
      return !lines.isEmpty();
    }
  }

  /**
   * A line of a member to a process of the host.
   *
   * @param host which process of the host it is, by an id that is made anew at each start
   * @param address where the member came from
   * @param version of the member's software
   * @param since when the line was opened
   * @param lastSeen when something was last heard on it
   * @param skew by how much the member's clock is ahead of the host's; negative if it is behind
   * @param inFlight how many requests are under way
   * @param queued how many frames wait to be written
   */
  public record Line(
      String host,
      String address,
      String version,
      Instant since,
      Instant lastSeen,
      Duration skew,
      int inFlight,
      int queued) {}

  /**
   * A process that has shown the key of a member while another one used it.
   *
   * @param address where it came from
   * @param at when it was refused
   */
  public record Copy(String address, Instant at) {}
}
