package dev.connectorsdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses users may choose. */
@Tag("E2")
class AddressPolicyTest {

  private static boolean allows(AddressPolicy policy, String address) throws UnknownHostException {
    return policy.allows(InetAddress.getByName(address), 443);
  }

  @ParameterizedTest
  @DisplayName("E2: what is not reached from everywhere is refused")
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void whatIsNotReachedFromEverywhereIsRefused(String address) throws UnknownHostException {
    assertThat(allows(AddressPolicy.publicOnly(), address)).isFalse();
    assertThat(allows(AddressPolicy.allowAll(), address)).isTrue();
  }

  @ParameterizedTest
  @DisplayName("E2: public addresses are allowed, up to the borders of what is not")
  @ValueSource(
      strings = {
        "1.0.0.0",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700::1111",
        "3ffe:ffff::1"
      })
  void publicAddressesAreAllowed(String address) throws UnknownHostException {
    assertThat(allows(AddressPolicy.publicOnly(), address)).isTrue();
  }

  @Test
  @DisplayName("E2: an administrator opens ranges, on every port")
  void anAdministratorOpensRanges() throws UnknownHostException {
    AddressPolicy policy =
        AddressPolicy.publicOnly().allowing("10.20.0.0/14", "fd12::/48").allowing("192.168.1.7");

    assertThat(policy.allows(InetAddress.getByName("10.23.255.255"), 8443)).isTrue();
    assertThat(allows(policy, "10.24.0.0")).isFalse();
    assertThat(allows(policy, "10.19.255.255")).isFalse();
    assertThat(allows(policy, "fd12::ffff:1")).isTrue();
    assertThat(allows(policy, "fd12:0:1::1")).isFalse();
    assertThat(allows(policy, "192.168.1.7")).isTrue();
    assertThat(allows(policy, "192.168.1.6")).isFalse();
    assertThat(allows(policy, "8.8.8.8")).isTrue();
  }

  @Test
  @DisplayName("E2: ports of public addresses are 80 and 443 unless opened")
  void portsArePublicOnesUnlessOpened() throws UnknownHostException {
    InetAddress address = InetAddress.getByName("8.8.8.8");
    InetAddress inside = InetAddress.getByName("10.0.0.1");
    AddressPolicy opened = AddressPolicy.publicOnly().allowingPorts(8443);

    assertThat(AddressPolicy.publicOnly().allows(address, 80)).isTrue();
    assertThat(AddressPolicy.publicOnly().allows(address, 8443)).isFalse();
    assertThat(opened.allows(address, 8443)).isTrue();
    assertThat(opened.allows(address, 443)).isTrue();
    assertThat(opened.allows(address, 22)).isFalse();
    assertThat(opened.allows(inside, 8443)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/33",
    "10.0.0/8",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "256.0.0.1",
    "fd00::/129",
    "fd00::/8/8",
    "localhost",
    "example.com/8",
    "''",
    ":::/3"
  })
  void whatIsNoRangeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressPolicy.publicOnly().allowing(text))
        .withMessage("'" + text + "' is not a range of addresses such as 10.0.0.0/8 or fd00::/8");
  }
}
