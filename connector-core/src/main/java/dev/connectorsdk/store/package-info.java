/**
 * Where connections are kept when no database is wanted.
 *
 * <p>{@link dev.connectorsdk.store.InMemoryStore} forgets everything when the program ends; {@link
 * dev.connectorsdk.jdbc.JdbcStore} is the one that lasts.
 */
@NullMarked
package dev.connectorsdk.store;

import org.jspecify.annotations.NullMarked;
