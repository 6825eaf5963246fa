package dev.connectorsdk.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which addresses a host may have that a user chooses: one whose name or address is made of
 * connection parameters, or that a service names. Hosts that stand in a connector are free.
 *
 * <p>It judges the address that a connection is opened to, after the name was resolved and before
 * anything is sent. If one address of a name is refused, the name is. All refusals are the same
 * {@link dev.connectorsdk.api.error.HostNotAllowedException}, whatever listens there.
 *
 * <pre>{@code
 * AddressPolicy.publicOnly().allowing("10.20.0.0/16").allowingPorts(8443)
 * }</pre>
 *
 * <p>Immutable.
 */
public final class AddressPolicy {

  private static final AddressPolicy PUBLIC_ONLY =
      new AddressPolicy(false, List.of(), Set.of(80, 443));
  private static final AddressPolicy ALL = new AddressPolicy(true, List.of(), Set.of());

  private final boolean all;
  private final List<AddressRange> opened;
  private final Set<Integer> ports;

  private AddressPolicy(boolean all, List<AddressRange> opened, Set<Integer> ports) {
    this.all = all;
    this.opened = opened;
    this.ports = ports;
  }

  /**
   * Returns the default: addresses that are reached from everywhere, on ports 80 and 443. Refused
   * are loopback, private, shared, link-local and unique-local addresses, those of cloud metadata,
   * for documentation and tests, multicast and reserved ones, and IPv6 addresses that stand for an
   * IPv4 address.
   */
  public static AddressPolicy publicOnly() {
    return PUBLIC_ONLY;
  }

  /**
   * Returns a policy that refuses nothing: for tests and development, and for applications all of
   * whose users may reach all that the application reaches.
   */
  public static AddressPolicy allowAll() {
    return ALL;
  }

  /**
   * Returns a policy that also allows these addresses, on every port.
   *
   * @param ranges in CIDR notation, such as {@code 10.20.0.0/16} or {@code fd12::/48}, or single
   *     addresses
   * @throws IllegalArgumentException if one is no range
   */
  public AddressPolicy allowing(String... ranges) {
    List<AddressRange> more = new ArrayList<>(opened);
    more.addAll(AddressRange.parseAll(ranges));
    return new AddressPolicy(all, List.copyOf(more), ports);
  }

  /** Returns a policy that allows public addresses on these ports too. */
  public AddressPolicy allowingPorts(int... more) {
    Set<Integer> allowed = new TreeSet<>(ports);
    for (int port : more) {
      allowed.add(port);
    }
    return new AddressPolicy(all, opened, Set.copyOf(allowed));
  }

  /** Returns whether this allows every address on every port. */
  public boolean allowsAll() {
    return all;
  }

  /** Returns whether a host that a user chose may be asked at an address and port. */
  public boolean allows(InetAddress address, int port) {
    byte[] bytes = address.getAddress();
    return all
        || AddressRange.anyContains(opened, bytes)
        || (ports.contains(port) && PublicAddresses.contain(bytes));
  }
}
