package dev.connectorsdk.examples.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G1")
class SignedWebhooksTest {

  private static final String BODY = "{\"event\":\"ping\",\"name\":\"Zoë\",\"n\":1}";

  /** Made with OpenSSL, whose key is gone. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIDRzCCAi+gAwIBAgIUC3GMiNTk9l3x95bgXS2WPVo2qYEwDQYJKoZIhvcNAQEL
      BQAwMjEwMC4GA1UEAwwnbWVzc2FnZXZlcmlmaWNhdGlvbmNlcnRzLnBheXBhbC5l
      eGFtcGxlMCAXDTI2MTEyOTE3MzMxNFoYDzIxMjYxMTA1MTczMzE0WjAyMTAwLgYD
      VQQDDCdtZXNzYWdldmVyaWZpY2F0aW9uY2VydHMucGF5cGFsLmV4YW1wbGUwggEi
      MA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDqgutAVPfb3wTt4XqaVDRI7iVs
      taBQqYfUm1CK+KakEx/VlmlwZ2HF30C0us5dn1v4hsfvwpAAXO6NHEcUVduG+sng
      mCA3Pk/DGygKmyrTi2EyI2gzerGaQWeCfmNlZQ73QLXFyMaQyCawCBRRmkky+0eQ
      bxajNespCFdLUZp6OGi8zV7ZJzKrYmH/U2HRDCP5o+NOOXXjmvCxl05DoHCqxJAf
      T1XKU89zwLmErmcSvJw3LQyNUipruQupZG2OzpcQsYzbISLSFCFVZ4rKBvJEadtM
      8QFDm+1ZH9MdkHoH8sAssPz7Vr+YFdVZOv0Xca5Ft3mCsV6hHJOaXnK0bOHJAgMB
      AAGjUzBRMB0GA1UdDgQWBBRIYHbJcEtUkO2Kmo6WB7F7vlsg8jAfBgNVHSMEGDAW
      gBRIYHbJcEtUkO2Kmo6WB7F7vlsg8jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3
      DQEBCwUAA4IBAQCMLGAZemfhFQszSNNp8zWte3ImpEQJNOz3reKznmcxXc5idqiz
      4eFlihfHa+UVReBlHjSi5GL9crz26/mSvNawufjqwCiCoIMQzTV3YVVbQ6Q4U/6L
      fY2FnR04sM1Dr4uKNajiUU/bg+Xblap1WC51fyHK2vut+Lvq2H5X3rbd94s2stYn
      B3Ota5pJoR3kUuwmH8LMeJjOUd7fmv3Z2i2iMge9Ea0jCMllu5NPNzDm4iYNMguk
      pbb1hh5WYPD4n3jRfylZQJiV/c1kJV42pLfo9bnl+UjB6ieInXXnas5fmVU3WyQl
      wOda8KCdlRJ2C8Y2/7EFiFjKdD3FF3Ivm+qF
      -----END CERTIFICATE-----
      """;

  /** Of the text {@code t-1|2026-01-01T00:00:00Z|WH-1|3122682241}. */
  private static final String SIGNATURE =
      "Wh2KFVpF+NbfiNiIDrsMjTv7xqhOQFgYobyIrO2gxIwIvWApl6CXyABD2cKvIYRmye7+SMHmeZ5z"
          + "kagzlrFWvP1Yig99l9NU42Q8UQXE8zAfmvdFeWQNeDFgVK3dLkI1uqbE70a/MzPxughvl07PJQyk"
          + "WMME1Fp8BEVZItG1hrntX5s9GMvCvRWFDlPErq/ilZvfPfTZNYgV9YbFQd3dkcypA8MXR5BRuymH"
          + "3Z4qzQBtnl1z7UjiKzdpY67YZF2ZYKLVj3vLvy4Y7VySPRTP/8qWaH7DKBWNPX9vekYH6lGOAbIy"
          + "Wsnt46mgwH/4Rm1CaHslUB/MCqyWUDb2QBCp4g==";

  private final Map<String, List<String>> headers =
      new HashMap<>(
          Map.of(
              "paypal-transmission-id", List.of("t-1"),
              "paypal-transmission-time", List.of("2026-01-01T00:00:00Z"),
              "paypal-transmission-sig", List.of(SIGNATURE),
              "paypal-cert-url", List.of("https://api.paypal.com/v1/notifications/certs/c-1")));

  private void verify(String body) throws Exception {
    Delivery delivery = new Delivery("POST", headers, null, body.getBytes(UTF_8));
    SignedWebhooks.verifyPayPal(
        new Arrival(
            delivery,
            URI.create("https://hooks.example/in"),
            List.of(Secret.of("WH-1")),
            Instant.parse("2026-01-01T00:00:00Z"),
            (location, keyId) -> CERTIFICATE));
  }

  private void assertRefused(String body, Reason reason) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(() -> verify(body))
        .returns(reason, DeliveryRefusedException::reason);
  }

  @Test
  void aCertificateThatTheDeliveryNamesIsUsedIfItIsTheMakers() throws Exception {
    verify(BODY);
    assertRefused(BODY.replace("1", "2"), Reason.WRONG);

    headers.put("paypal-cert-url", List.of("https://api.paypal.com.evil.example/c-1"));
    assertRefused(BODY, Reason.UNKNOWN);
    headers.put("paypal-cert-url", List.of("http://api.paypal.com/c-1"));
    assertRefused(BODY, Reason.UNKNOWN);
    headers.remove("paypal-cert-url");
    assertRefused(BODY, Reason.MISSING);
  }

  @Test
  void theDeclarationsSayWhatTheyCover() {
    assertThat(SignedWebhooks.ACME.coversBody()).isTrue();
    assertThat(SignedWebhooks.ACME.coversId()).isTrue();
    assertThat(SignedWebhooks.PAYPAL.freshness()).isNotNull();
  }
}
