package dev.connectorsdk.examples.mcp;

import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What of the files of one answer is in it besides their links, because few programs read resources
 * to their models: pictures, and short texts.
 */
final class ShownFiles {

  private static final int MOST_BYTES_OF_PICTURES = 1024 * 1024;

  /** As much as a model can take in besides what it was asked. */
  private static final int MOST_BYTES_OF_TEXTS = 32 * 1024;

  private int pictures;
  private int texts;

  /** Returns what is shown of a file, or {@code null} if nothing is. */
  @Nullable Content next(KeptAnswer file) {
    String picture = file.size() <= MOST_BYTES_OF_PICTURES - pictures ? file.pictureType() : null;
    if (picture != null) {
      pictures += file.size();
      return ImageContent.builder(base64(file), picture).build();
    }
    String text = file.size() <= MOST_BYTES_OF_TEXTS - texts ? file.text() : null;
    if (text != null && !text.isEmpty() && text.indexOf('\0') < 0) {
      texts += file.size();
      return EmbeddedResource.builder(contents(file)).build();
    }
    return null;
  }

  /** Returns a file as a resource that is read. */
  static ResourceContents contents(KeptAnswer file) {
    String text = file.text();
    return text == null
        ? BlobResourceContents.builder(file.uri(), base64(file)).mimeType(file.mediaType()).build()
        : TextResourceContents.builder(file.uri(), text).mimeType(file.mediaType()).build();
  }

  private static String base64(KeptAnswer file) {
    return Base64.getEncoder().encodeToString(file.content());
  }
}
