package dev.connectorsdk.internal.definition.document;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a list of definitions shows of one document, and the document.
 *
 * @param title {@code null} if the document has none
 * @param version {@code null} if the document has none
 * @param root whose parts are read when they are needed
 * @param weight about how many bytes of the heap it takes once they are
 */
public record ScannedDocument(
    @Nullable String title,
    @Nullable String version,
    List<ScannedOperation> operations,
    ObjectNode root,
    long weight) {}
