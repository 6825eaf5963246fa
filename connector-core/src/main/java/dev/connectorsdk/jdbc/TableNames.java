package dev.connectorsdk.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What the tables of a store are called.
 *
 * @param schema in which they are, or {@code null} for that of the connection
 * @param tablePrefix what their names begin with
 */
record TableNames(@Nullable String schema, String tablePrefix) {

  /** Returns what stands before the rest of a table's name in SQL. */
  String prefix() {
    return schema == null ? tablePrefix : schema + "." + tablePrefix;
  }

  /** Returns a script with these names. An index lies in the schema of its table. */
  String in(String script, Product product) {
    String name =
        switch (product) {
          case H2 -> prefix(); // which takes that of the connection otherwise
          case POSTGRESQL -> tablePrefix; // which takes none
        };
    return script.replace("${prefix}", prefix()).replace("${name}", name);
  }
}
