package dev.connectorsdk.internal.definition.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a list of definitions shows of one document.
 *
 * @param title {@code null} if the document has none
 * @param version {@code null} if the document has none
 */
public record ScannedDocument(
    @Nullable String title, @Nullable String version, List<ScannedOperation> operations) {}
