module tickets {
  requires dev.connectorsdk.api;

  provides dev.connectorsdk.api.spi.ConnectorProvider with
      tickets.TicketsPlugin;

  // The runtime reads and writes the records.
  opens tickets to
      tools.jackson.databind;
}
