package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.error.StoreException;

/** The databases that a store works with. */
enum Product {
  H2,
  POSTGRESQL;

  /** Returns which one this is. */
  static Product of(Database database) {
    String name = database.read("Connecting", db -> db.getMetaData().getDatabaseProductName());
    return switch (name) {
      case "H2" -> H2;
      case "PostgreSQL" -> POSTGRESQL;
      default ->
          throw new StoreException(
              "JdbcStore works with H2 and PostgreSQL, not with " + name + ".", false, null);
    };
  }
}
