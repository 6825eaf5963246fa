package dev.connectorsdk.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What answers may consist of, and what not, however they are cut into pieces. */
@Tag("E13")
class AnswerWatchTest {

  private static final int LIMIT = 1_000;
  private static final int MORE = LIMIT + (int) AnswerWatch.SLACK_BYTES + 1;
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "transfer-ENCODING:  Chunked \r\n\r\n";

  private static void http1(String answer) throws AnswerTooLarge {
    for (int piece : new int[] {1, 7, 8_192}) {
      Http1Watch watch = new Http1Watch();
      watch.expect(LIMIT);
      feed(watch, answer.getBytes(ISO_8859_1), piece);
    }
  }

  private static void feed(AnswerWatch watch, byte[] bytes, int piece) throws AnswerTooLarge {
    for (int from = 0; from < bytes.length; from += piece) {
      watch.arrived(bytes, from, Math.min(piece, bytes.length - from));
    }
  }

  private static void allowed(String answer) {
    assertThatCode(() -> http1(answer)).doesNotThrowAnyException();
  }

  private static void refused(String answer, String message) {
    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> http1(answer))
        .withMessageContaining(message);
  }

  @Test
  @DisplayName("E13: framing does not count as body, however small the chunks are")
  void framingDoesNotCountAsBody() {
    allowed(CHUNKED + "1;ext=value\r\nx\r\n".repeat(20_000) + "0\r\nTrailer: x\r\n\r\n");
    allowed(OK + "\r\n" + "x".repeat(MORE - 1));
    allowed("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + CHUNKED + "1\r\nx\r\n0\r\n\r\n");
  }

  @Test
  @DisplayName("E13: a body is followed to its limit, in chunks and without")
  void aBodyIsFollowedToItsLimit() {
    refused(OK + "\r\n" + "x".repeat(MORE), "larger than the limit of 1000 bytes");
    refused(CHUNKED + "100000\r\n" + "x".repeat(MORE), "larger than the limit of 1000 bytes");
    refused(CHUNKED + "1\r\nx\r\n".repeat(MORE), "larger than the limit of 1000 bytes");
  }

  @Test
  @DisplayName("E13: heads, interim ones and trailers have 256 KiB and 2,000 lines together")
  void headsAreBounded() {
    allowed(OK + "Large: " + "x".repeat(250 * 1024) + "\r\n\r\n");
    allowed(OK + "a: b\r\n".repeat(1_990) + "\r\n");
    refused(OK + "Large: " + "x".repeat(257 * 1024), "headers");
    refused(OK + "a: b\r\n".repeat(2_001), "headers");
    refused("HTTP/1.1 100 Continue\r\n\r\n".repeat(2_000), "headers");
    refused(CHUNKED + "0\r\n" + "a: b\r\n".repeat(2_001), "headers");
    refused(CHUNKED + "1;" + "x".repeat(5_000), "around its body");
    refused(CHUNKED + "1\r\nx" + "x".repeat(5_000), "around its body");
  }

  @Test
  @DisplayName("E13: the next answer on a socket is counted anew")
  void theNextAnswerIsCountedAnew() throws AnswerTooLarge {
    Http1Watch watch = new Http1Watch();
    for (int i = 0; i < 100; i++) {
      watch.expect(LIMIT);
      feed(
          watch, (OK + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000)).getBytes(ISO_8859_1), 99);
    }
  }

  private static byte[] frame(int type, int length) {
    return ByteBuffer.allocate(9 + length).putInt(length << 8 | type).array();
  }

  private static void frames(Http2Watch watch, int type, int length, int times)
      throws AnswerTooLarge {
    for (int i = 0; i < times; i++) {
      feed(watch, frame(type, length), 5);
    }
  }

  @Test
  @DisplayName("E13: answers of HTTP/2 are followed together, and each ends what it was allowed")
  void answersOfHttp2AreFollowedTogether() throws AnswerTooLarge {
    Http2Watch watch = new Http2Watch();
    for (int i = 0; i < 50; i++) {
      watch.expect(LIMIT);
      watch.expect(LIMIT);
      frames(watch, 1, 1_000, 2);
      frames(watch, 0, LIMIT, 2);
      frames(watch, 8, 4, 50_000 / 50);
      watch.ended();
      watch.ended();
    }
    watch.expect(LIMIT);
    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> frames(watch, 0, LIMIT, MORE / LIMIT + 1));
  }

  @Test
  @DisplayName("E13: a small answer on the same socket takes nothing from a large one")
  void aSmallAnswerTakesNothingFromALargeOne() throws AnswerTooLarge {
    int large = 10 * (int) AnswerWatch.SLACK_BYTES;
    Http2Watch watch = new Http2Watch();
    watch.expect(large);
    watch.expect(LIMIT);
    frames(watch, 0, LIMIT, 1);
    watch.ended();
    frames(watch, 0, large, 1);
    watch.ended();

    watch.expect(LIMIT);
    assertThatExceptionOfType(AnswerTooLarge.class).isThrownBy(() -> frames(watch, 0, large, 1));
  }

  @Test
  @DisplayName("E13: a body of HTTP/2 may come in many small frames, some of them empty")
  void aBodyMayComeInSmallFrames() throws AnswerTooLarge {
    Http2Watch watch = new Http2Watch();
    watch.expect(10 * 1024 * 1024);
    for (int i = 0; i < 50_000; i++) {
      frames(watch, 0, 100, 1);
      frames(watch, 0, 0, 1);
    }
    frames(watch, 0, 1, 100_000);

    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> frames(watch, 0, 0, 20_000))
        .withMessageContaining("around its body");
  }

  @Test
  @DisplayName("E13: headers and other frames of HTTP/2 are bounded")
  void headersAndOtherFramesOfHttp2AreBounded() {
    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> frames(new Http2Watch(), 9, 1_000, 70))
        .withMessageContaining("headers");
    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> frames(new Http2Watch(), 6, 8, 5_000))
        .withMessageContaining("around its body");
    assertThatExceptionOfType(AnswerTooLarge.class)
        .isThrownBy(() -> frames(new Http2Watch(), 0, 0, 20_000))
        .withMessageContaining("around its body");
  }
}
