package dev.connectorsdk.examples.console;

/** A part of the console, as the navigation lists them. */
enum Section {
  HOME("", "Home", "", false),
  CONNECTIONS(
      "connections",
      "My connections",
      "Your accounts at other services, and how they stand.",
      false),
  CONNECTORS(
      "connectors", "Connectors", "Services that you can connect to, and what they offer.", false),
  FLOWS(
      "flows",
      "Flows",
      "What runs with which account, who may run it, and what is missing.",
      false),
  SHARED("shared", "Shared with me", "Flows and connections of others that you may use.", false),
  ALL_CONNECTIONS(
      "administration/connections",
      "All connections",
      "Whose they are, how they stand, and what uses them.",
      true),
  TRIGGERS(
      "administration/triggers",
      "Triggers",
      "What is listened to, up to when, and which events wait.",
      true),
  POLICIES(
      "administration/policies",
      "Data policies",
      "Which connectors may be used, and which together.",
      true),
  GATEWAYS(
      "administration/gateways",
      "Gateways",
      "Ways to services inside a network, and how their members are.",
      true),
  AUDIT("administration/audit", "Audit", "Who did what, and what was refused.", true);

  private final String path;
  private final String title;
  private final String about;
  private final boolean administrators;

  Section(String path, String title, String about, boolean administrators) {
    this.path = path;
    this.title = title;
    this.about = about;
    this.administrators = administrators;
  }

  /** Returns its first page, below the console's path. */
  String path() {
    return path;
  }

  String title() {
    return title;
  }

  /** Returns what is there, as a sentence. */
  String about() {
    return about;
  }

  /** Returns whether administrators alone see it. */
  boolean isForAdministrators() {
    return administrators;
  }
}
