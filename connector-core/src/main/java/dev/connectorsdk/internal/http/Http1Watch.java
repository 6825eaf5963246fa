package dev.connectorsdk.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Follows answers of HTTP/1.1 (RFC 9112): their heads, interim ones included, chunk sizes and
 * trailers line by line, and what is in between by its length.
 */
final class Http1Watch implements AnswerWatch {

  /** The most bytes of a chunk's size with its extensions. */
  private static final int MOST_CHUNK_LINE_BYTES = 4 * 1024;

  /** What is kept of a line, enough to see what it says. */
  private static final int LOOKED_AT = 128;

  private static final String CHUNKED = "transfer-encoding:";

  /** 15 hexadecimal digits are less than the largest {@code long}. */
  private static final int MOST_SIZE_DIGITS = 15;

  private enum Part {
    HEAD,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    BODY
  }

  private final byte[] line = new byte[LOOKED_AT];
  private Part part = Part.HEAD;
  private int lineBytes;
  private int linesOfHead;
  private int headLeft;
  private int linesLeft;
  private boolean interim;
  private boolean chunked;
  private long chunkLeft;
  private long limit;
  private long bodyLeft;

  Http1Watch() {
    expect(0);
  }

  @Override
  public void expect(long bodyBytes) {
    part = Part.HEAD;
    lineBytes = 0;
    linesOfHead = 0;
    headLeft = MOST_HEAD_BYTES;
    linesLeft = MOST_HEAD_LINES;
    interim = false;
    chunked = false;
    limit = bodyBytes;
    bodyLeft = bodyBytes + SLACK_BYTES;
  }

  @Override
  public void arrived(byte[] bytes, int from, int count) throws AnswerTooLarge {
    int end = from + count;
    int at = from;
    while (at < end) {
      if (part == Part.BODY) {
        count(end - at);
        return;
      }
      if (part == Part.CHUNK) {
        int more = (int) Math.min(end - at, chunkLeft);
        count(more);
        at += more;
        chunkLeft -= more;
        part = chunkLeft == 0 ? Part.CHUNK_END : Part.CHUNK;
      } else {
        at += inLine(bytes, at, end);
      }
    }
  }

  private void count(int more) throws AnswerTooLarge {
    bodyLeft -= more;
    if (bodyLeft < 0) {
      throw AnswerTooLarge.ofBody(limit);
    }
  }

  /** Takes what has arrived of a line, its end included, and returns how many bytes that is. */
  private int inLine(byte[] bytes, int from, int end) throws AnswerTooLarge {
    int lineEnd = from;
    while (lineEnd < end && bytes[lineEnd] != '\n') {
      lineEnd++;
    }
    boolean whole = lineEnd < end;
    int more = lineEnd - from;
    int taken = whole ? more + 1 : more;
    countInLine(taken);
    if (lineBytes < LOOKED_AT) {
      System.arraycopy(bytes, from, line, lineBytes, Math.min(more, LOOKED_AT - lineBytes));
    }
    lineBytes += more;
    if (whole) {
      endOfLine();
      lineBytes = 0;
    }
    return taken;
  }

  private void countInLine(int more) throws AnswerTooLarge {
    if (part == Part.HEAD || part == Part.TRAILERS) {
      headLeft -= more;
      if (headLeft < 0) {
        throw AnswerTooLarge.ofHead();
      }
    } else if (lineBytes + more > MOST_CHUNK_LINE_BYTES) {
      throw AnswerTooLarge.ofFraming();
    }
  }

  private void endOfLine() throws AnswerTooLarge {
    switch (part) {
      case CHUNK_SIZE -> beginChunk();
      case CHUNK_END -> part = Part.CHUNK_SIZE;
      default -> endOfHeadLine();
    }
  }

  private void endOfHeadLine() throws AnswerTooLarge {
    linesLeft--;
    if (linesLeft < 0) {
      throw AnswerTooLarge.ofHead();
    }
    if (lineBytes == 0 || (lineBytes == 1 && line[0] == '\r')) {
      endOfHead();
      return;
    }
    if (linesOfHead == 0) {
      // HTTP/1.1 100 Continue
      interim = lineBytes > 11 && line[9] == '1' && line[11] != '1';
    }
    linesOfHead++;
    chunked |= saysChunked();
  }

  private void endOfHead() {
    if (part == Part.TRAILERS || !interim) {
      part = part == Part.HEAD && chunked ? Part.CHUNK_SIZE : Part.BODY;
    }
    linesOfHead = 0;
  }

  private boolean saysChunked() {
    if ((line[0] | 0x20) != 't' || lineBytes > LOOKED_AT) {
      return false;
    }
    String text = new String(line, 0, lineBytes, ISO_8859_1);
    return text.regionMatches(true, 0, CHUNKED, 0, CHUNKED.length())
        && text.substring(CHUNKED.length()).strip().equalsIgnoreCase("chunked");
  }

  /** What is no size is the client's to refuse. */
  private void beginChunk() {
    int digits = 0;
    chunkLeft = 0;
    while (digits < Math.min(lineBytes, LOOKED_AT) && Character.digit(line[digits], 16) >= 0) {
      chunkLeft = chunkLeft * 16 + Character.digit(line[digits], 16);
      digits++;
    }
    if (digits == 0 || digits > MOST_SIZE_DIGITS) {
      part = Part.BODY;
    } else {
      part = chunkLeft == 0 ? Part.TRAILERS : Part.CHUNK;
    }
  }
}
