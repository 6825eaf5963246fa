package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.AuthOption;
import org.jspecify.annotations.Nullable;

/**
 * A way to authenticate that a definition offers.
 *
 * @param limitation what the definition asks for that the option does not do, or {@code null}
 * @param shareable whether the definition lets connections made this way be shared
 */
public record OfferedOption(AuthOption option, @Nullable String limitation, boolean shareable) {}
