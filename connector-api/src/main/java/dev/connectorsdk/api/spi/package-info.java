/**
 * What plugins and hosts implement for the runtime; applications that only call connectors never
 * look here.
 *
 * <p>Plugin authors: {@link dev.connectorsdk.api.spi.ConnectorProvider}. Hosts with a storage or
 * key management of their own: {@link dev.connectorsdk.api.spi.ConnectorStore} and {@link
 * dev.connectorsdk.api.spi.SecretCipher}.
 */
@NullMarked
package dev.connectorsdk.api.spi;

import org.jspecify.annotations.NullMarked;
