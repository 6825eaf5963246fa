package dev.connectorsdk.examples.console;

/** A part of the console, as the navigation lists them. */
enum Section {
  HOME("", "Home", false),
  CONNECTIONS("connections", "My connections", false),
  CONNECTORS("connectors", "Connectors", false),
  FLOWS("flows", "Flows", false),
  ALL_CONNECTIONS("administration/connections", "All connections", true),
  TRIGGERS("administration/triggers", "Triggers", true),
  POLICIES("administration/policies", "Data policies", true),
  GATEWAYS("administration/gateways", "Gateways", true),
  AUDIT("administration/audit", "Audit", true);

  private final String path;
  private final String title;
  private final boolean administrators;

  Section(String path, String title, boolean administrators) {
    this.path = path;
    this.title = title;
    this.administrators = administrators;
  }

  /** Returns its first page, below the console's path. */
  String path() {
    return path;
  }

  String title() {
    return title;
  }

  /** Returns whether administrators alone see it. */
  boolean isForAdministrators() {
    return administrators;
  }
}
