/**
 * A store that needs no database.
 *
 * <p>{@link dev.connectorsdk.store.InMemoryStore} forgets everything when the program ends; {@link
 * dev.connectorsdk.jdbc.JdbcStore} is the one that lasts.
 */
@NullMarked
package dev.connectorsdk.store;

import org.jspecify.annotations.NullMarked;
