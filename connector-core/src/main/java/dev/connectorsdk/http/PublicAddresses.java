package dev.connectorsdk.http;

import java.util.List;

/** The addresses that are reached from everywhere. Parsed when the first address is judged. */
final class PublicAddresses {

  /** IANA's registry of special-purpose IPv4 addresses (RFC 6890), and multicast. */
  private static final List<AddressRange> SPECIAL_IPV4 =
      AddressRange.parseAll(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "168.63.129.16/32", // What Azure's machines ask about themselves.
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /** All that is not for special purposes, private, local or multicast (RFC 4291). */
  private static final AddressRange UNICAST_IPV6 = AddressRange.parse("2000::/3");

  /** Those of them that stand for IPv4 addresses or are not reached from outside (RFC 6890). */
  private static final List<AddressRange> SPECIAL_IPV6 =
      AddressRange.parseAll("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private PublicAddresses() {}

  static boolean contain(byte[] address) {
    return address.length == 4
        ? !AddressRange.anyContains(SPECIAL_IPV4, address)
        : UNICAST_IPV6.contains(address) && !AddressRange.anyContains(SPECIAL_IPV6, address);
  }
}
