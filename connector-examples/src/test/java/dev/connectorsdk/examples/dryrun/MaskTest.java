package dev.connectorsdk.examples.dryrun;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MaskTest {

  private static final String SECRET = "p/w +\"<&\\é";

  private final Mask mask = Mask.of(List.of(Secret.of(SECRET)));

  @Test
  void hidesASecretHoweverItIsWritten() {
    String once = URLEncoder.encode(SECRET, UTF_8);
    List<String> writings =
        List.of(
            SECRET,
            once,
            once.replace("+", "%20"),
            URLEncoder.encode(once, UTF_8),
            "p%2fw%20%2b%22%3c%26%5c%c3%a9",
            "p/w +\\\"<&\\\\\\u00e9",
            "p\\/w +&quot;&lt;&amp;\\é",
            HexFormat.of().formatHex(SECRET.getBytes(UTF_8)));

    assertThat(writings).allSatisfy(w -> assertThat(mask.hide("a=" + w + ";")).isEqualTo("a=***;"));
  }

  @Test
  void hidesBase64ThatHasASecretAnywhereInIt() {
    for (String before : List.of("", "u", "us", "use")) {
      byte[] bytes = (before + SECRET + ":more").getBytes(UTF_8);
      assertThat(mask.hide("x " + Base64.getEncoder().encodeToString(bytes) + " y"))
          .isEqualTo("x *** y");
      assertThat(mask.hide("x " + Base64.getUrlEncoder().encodeToString(bytes) + " y"))
          .isEqualTo("x *** y");
    }
  }

  @Test
  void hidesBase64TextsThatFollowEachOther() {
    String encoded = Base64.getEncoder().encodeToString((SECRET + "x").getBytes(UTF_8));
    assertThat(mask.hide(encoded + "," + encoded + "=" + encoded + " y")).isEqualTo("***,****** y");
  }

  @Test
  @Timeout(20)
  void takesAMomentForALargeFile() {
    String file = "QUJD".repeat(500_000);

    assertThat(mask.hide(file)).isEqualTo(file);
    String encoded = Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8));
    assertThat(mask.hide(file + encoded + " " + file)).isEqualTo("*** " + file);
  }

  @Test
  void hidesASecretAsLongAsAKeyStore() {
    String secret =
        IntStream.range(1_000, 6_000).mapToObj(i -> i + SECRET).collect(Collectors.joining());

    assertThat(Mask.of(Secret.of(secret)).hide("a=" + URLEncoder.encode(secret, UTF_8) + ";"))
        .matches("a=[*]+;");
  }

  @Test
  void hidesTheLongerOfTwoSecretsThatBeginAlike() {
    assertThat(Mask.of(Secret.of("abc"), Secret.of("abcdef")).hide("abcdef abc"))
        .isEqualTo("*** ***");
  }

  @Test
  void hidesAShortSecretOnlyWhereItIsAWord() {
    Mask short1 = Mask.of(Secret.of("x"), Secret.of("a1"));

    assertThat(short1.hide("next: key=x, {\"k\":\"x\"} %78 a1 ya1 a1x"))
        .isEqualTo("next: key=***, {\"k\":\"***\"} *** *** ya1 a1x");
  }

  @Test
  void leavesEverythingElseAlone() {
    assertThat(mask.hide("nothing to hide: p/w")).isEqualTo("nothing to hide: p/w");
    assertThat(Mask.of(Secret.of("")).hide("text")).isEqualTo("text");
  }
}
