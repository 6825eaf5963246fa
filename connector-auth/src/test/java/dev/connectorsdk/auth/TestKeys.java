package dev.connectorsdk.auth;

/** Keys that everybody knows. */
final class TestKeys {

  /** The RSA key of the test cases that oauth.net had for OAuth 1.0. */
  static final String OAUTH_NET =
      """
      -----BEGIN PRIVATE KEY-----
      MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8V
      A7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d
      7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJ
      hI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8H
      X9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mm
      uScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmw
      rn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0Z
      zO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+Nccn
      qkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNG
      WPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUno
      cn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+
      3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8
      AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54
      Lw03eHTNQghS0A==
      -----END PRIVATE KEY-----
      """;

  /** What {@code openssl ecparam -genkey} wrote, for nothing but tests. */
  static final String OPENSSL_P256 =
      """
      -----BEGIN EC PARAMETERS-----
      BggqhkjOPQMBBw==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIGQz6iY/2E4LlkP04VPEjDajI05pPDg2Zq2VAiLrWzLCoAoGCCqGSM49
      AwEHoUQDQgAExXzDR50cLm/8tOSSE+PizeOpXmdbUmNzPDJhIkMKnvoEfYV4bkfX
      6FLk7PvB/BAGw+32ZiQgdgd4VSQjDJuxxg==
      -----END EC PRIVATE KEY-----
      """;

  /** What {@code openssl ecparam -genkey} wrote, for nothing but tests. */
  static final String OPENSSL_P384 =
      """
      -----BEGIN EC PARAMETERS-----
      BgUrgQQAIg==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MIGkAgEBBDD+0Jx0mnMmbxucffvnEVNbBwBaEXC6gOSiTKdSyIT8/iysevfvqcMP
      c0frgNquLgygBwYFK4EEACKhZANiAAQa6j5n/yOhsKjG3zsQStf1jrU0XUiVv3u9
      /7tbW5k2MCure6wbBifKWMFaTjakCEGYnkH1hOtlQOjI+dSQYqUVSM/aLtoOh96H
      RBaHHNulxlOx6qJKhkXMYNM0tYwS4tA=
      -----END EC PRIVATE KEY-----
      """;

  /** What {@code openssl ecparam -genkey} wrote, for nothing but tests. */
  static final String OPENSSL_P521 =
      """
      -----BEGIN EC PARAMETERS-----
      BgUrgQQAIw==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MIHcAgEBBEIBdhpPalSnprAbuRJflBfoVT4ep5bA5Gxj9s3dxcJhB5CZcJ6ErU6U
      qELZLUiG/sVnVdqBSu5rwEp0EiaMjHxR6d6gBwYFK4EEACOhgYkDgYYABAFPc8Ag
      eM4nKBB9rdDRnmFPFESWAmkNCRE/clySXNcbLQgGPMPWp+FbsG3Wi+QapAO6JvZX
      coFcUc6K8a6jjAUJmgFLA7Wcatgwj7B+ufMwzLrEA+mAguHyqu4Tg1BAT+FKNWZD
      zBBs88YIykF8Q+OXQTOur46SHGImPrNNxbbIdvTQpA==
      -----END EC PRIVATE KEY-----
      """;

  private TestKeys() {}
}
