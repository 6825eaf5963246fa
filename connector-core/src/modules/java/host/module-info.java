/** A host in a module of its own, which needs connector-core alone. */
module host {
  requires dev.connectorsdk.core;
}
