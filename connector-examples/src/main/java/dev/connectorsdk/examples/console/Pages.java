package dev.connectorsdk.examples.console;

/** Pages that belong together. Shared by all requests, so safe for several threads. */
interface Pages {

  /** Adds each page and each form's target. */
  void addTo(Routes routes);

  /** What answers one kind of request. */
  @FunctionalInterface
  interface Handler {

    /**
     * Answers. A {@link dev.connectorsdk.api.error.ConnectorException} that it throws becomes a
     * page that says it in the runtime's words.
     */
    Answer answer(Visit visit) throws Exception;
  }
}
