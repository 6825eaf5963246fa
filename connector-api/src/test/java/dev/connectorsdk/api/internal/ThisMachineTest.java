package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThisMachineTest {

  @ParameterizedTest
  @CsvSource({
    "localhost, true, false",
    "LOCALHOST, true, false",
    "127.0.0.1, true, true",
    "::1, true, true",
    "[::1], true, true",
    "localhost., false, false",
    "my.localhost, false, false",
    "127.0.0.2, false, false",
    "127.1, false, false",
    "0.0.0.0, false, false",
    "::ffff:127.0.0.1, false, false",
    "'', false, false",
  })
  void hasOneNameAndTwoAddresses(String host, boolean here, boolean address) {
    assertThat(ThisMachine.is(host)).isEqualTo(here);
    assertThat(ThisMachine.isAddress(host)).isEqualTo(address);
  }
}
