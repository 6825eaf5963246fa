/**
 * Keeps connections in a database: H2 for one process, PostgreSQL for several.
 *
 * <p>Start at {@link dev.connectorsdk.jdbc.JdbcStore#builder}. The tables are described by the
 * scripts {@code schema-*.sql} beside this package.
 */
@NullMarked
package dev.connectorsdk.jdbc;

import org.jspecify.annotations.NullMarked;
