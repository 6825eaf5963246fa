package dev.connectorsdk.internal.definition.document;

import java.util.zip.CRC32C;

/** What the two files of a definition hold. */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never changed.
public record DefinitionContent(byte[] swagger, byte[] properties) {

  /** Returns a number that another content has hardly ever. */
  public long checksum() {
    return ((long) checksum(swagger) << 32) | (checksum(properties) & 0xFFFF_FFFFL);
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }
}
