package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A file, or an answer that is too large to be sent as one. */
public final class KeptAnswer {

  /** What text may take on the way, where a line of more than 10 MiB ends the connection. */
  private static final long MOST_AS_TEXT = 8L * 1024 * 1024;

  private final String uri;
  private final String name;
  private final String mediaType;
  private final byte[] content;

  KeptAnswer(String uri, String name, String mediaType, byte[] content) {
    this.uri = uri;
    this.name = name;
    this.mediaType = mediaType;
    this.content = content;
  }

  /** Returns where it is: a secret of the caller's, which nobody guesses. */
  public String uri() {
    return uri;
  }

  /** Returns the name that people read. */
  public String name() {
    return name;
  }

  /** Returns the media type. */
  public String mediaType() {
    return mediaType;
  }

  /** Returns how many bytes there are. */
  public int size() {
    return content.length;
  }

  /** Returns a copy of the bytes. */
  public byte[] content() {
    return content.clone();
  }

  /** Returns the content as text, or {@code null} if it is none. */
  public @Nullable String text() {
    String type = mediaType.toLowerCase(Locale.ROOT);
    boolean isText = type.startsWith("text/") || type.contains("json") || type.contains("xml");
    if (!isText || lengthInJson() > MOST_AS_TEXT) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns what picture for models it is, or {@code null} if it is none. */
  @Nullable String pictureType() {
    return Pictures.type(mediaType, content);
  }

  private long lengthInJson() {
    long length = 0;
    for (byte one : content) {
      if (one >= 0 && one < ' ') {
        length += 6;
      } else {
        length += one == '"' || one == '\\' ? 2 : 1;
      }
    }
    return length;
  }

  @Override
  public String toString() {
    return name + ", " + content.length + " bytes of " + mediaType;
  }
}
