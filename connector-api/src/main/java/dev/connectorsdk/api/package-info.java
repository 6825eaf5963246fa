/**
 * The nouns of the connector model: what a service offers, who calls it, and by which connection.
 *
 * <p>A {@link dev.connectorsdk.api.Connector} describes one service: its {@linkplain
 * dev.connectorsdk.api.Action actions}, {@linkplain dev.connectorsdk.api.Trigger triggers},
 * {@linkplain dev.connectorsdk.api.AuthOption ways to authenticate} and {@linkplain
 * dev.connectorsdk.api.ConnectionParameter parameters}. A {@link dev.connectorsdk.api.Connection}
 * is one owner's authenticated link to it in one {@link dev.connectorsdk.api.Environment}. Work
 * names a {@link dev.connectorsdk.api.ConnectionReference}, never a connection, and is run by a
 * {@link dev.connectorsdk.api.Caller}.
 */
@NullMarked
package dev.connectorsdk.api;

import org.jspecify.annotations.NullMarked;
