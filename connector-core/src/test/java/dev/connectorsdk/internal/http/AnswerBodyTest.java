package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerBodyTest {

  private static AnswerBody received(String text) {
    return AnswerBody.taking(new Buffer().writeUtf8(text));
  }

  private static String text(byte[] bytes, int from, int count) {
    return new String(bytes, from, count, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8_191, 8_192, 8_193, 100_000})
  void aBodyOfAnyLengthIsReadWhole(int length) {
    String text = "x".repeat(length);
    AnswerBody body = received(text);

    assertThat(body.length()).isEqualTo(length);
    assertThat(body.read(AnswerBodyTest::text, null)).isEqualTo(text);
    assertThat(body.bytes()).asString().isEqualTo(text);
  }

  @Test
  void aBodyIsReadAsOftenAsItIsAskedFor() {
    AnswerBody body = received("{}");

    assertThat(body.read(AnswerBodyTest::text, null)).isEqualTo("{}");
    assertThat(body.read(AnswerBodyTest::text, "application/json")).isEqualTo("{}");
    byte[] bytes = body.bytes();
    assertThat(body.bytes()).isSameAs(bytes);
    assertThat(body.read(AnswerBodyTest::text, null)).isEqualTo("{}");
  }

  @Test
  void whatWasWrittenBeforeAndAfterInTheSameSegmentIsNotRead() throws EOFException {
    Buffer buffer = new Buffer().writeUtf8("before{}");
    buffer.skip(6);
    AnswerBody body = AnswerBody.taking(buffer);
    buffer.writeUtf8("after");

    assertThat(body.read(AnswerBodyTest::text, null)).isEqualTo("{}");
  }

  @Test
  void aBodyInAnotherCharsetIsReadInUtf8() {
    AnswerBody body =
        AnswerBody.taking(new Buffer().writeString("\"Köln\"", StandardCharsets.ISO_8859_1));

    assertThat(body.read(AnswerBodyTest::text, "application/json; charset=ISO-8859-1"))
        .isEqualTo("\"Köln\"");
  }

  @Test
  void aByteOrderMarkCountsMoreThanTheDeclaredCharset() {
    AnswerBody body =
        AnswerBody.taking(new Buffer().writeString("\uFEFF\"Köln\"", StandardCharsets.UTF_16LE));

    assertThat(body.read(AnswerBodyTest::text, "application/json; charset=utf-8"))
        .isEqualTo("\"Köln\"");
  }

  @Test
  void bytesThatWereAskedForOutliveTheRelease() {
    AnswerBody body = received("{}");
    byte[] bytes = body.bytes();

    body.release();

    assertThat(body.bytes()).isSameAs(bytes).asString().isEqualTo("{}");
  }
}
