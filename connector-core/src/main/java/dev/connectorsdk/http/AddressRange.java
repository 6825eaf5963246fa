package dev.connectorsdk.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The addresses that begin with the same bits, as CIDR notation has them (RFC 4632, RFC 4291). */
final class AddressRange {

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

  private final byte[] prefix;
  private final int bits;

  private AddressRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads a range, such as {@code 10.0.0.0/8}, or a single address.
   *
   * @throws IllegalArgumentException if it is none
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] prefix = address(slash < 0 ? text : text.substring(0, slash), text);
    int most = prefix.length * Byte.SIZE;
    String length = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
    int bits = LENGTH.matcher(length).matches() ? Integer.parseInt(length) : Integer.MAX_VALUE;
    if (bits > most) {
      throw noRange(text);
    }
    return new AddressRange(prefix, bits);
  }

  static List<AddressRange> parseAll(String... texts) {
    List<AddressRange> ranges = new ArrayList<>();
    for (String text : texts) {
      ranges.add(parse(text));
    }
    return List.copyOf(ranges);
  }

  private static byte[] address(String address, String text) {
    if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
      throw noRange(text);
    }
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw noRange(text);
    }
  }

  private static IllegalArgumentException noRange(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a range of addresses such as 10.0.0.0/8 or fd00::/8");
  }

  static boolean anyContains(List<AddressRange> ranges, byte[] address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  boolean contains(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
      return false;
    }
    int rest = bits % Byte.SIZE;
    return rest == 0 || (address[whole] ^ prefix[whole]) >> (Byte.SIZE - rest) == 0;
  }
}
