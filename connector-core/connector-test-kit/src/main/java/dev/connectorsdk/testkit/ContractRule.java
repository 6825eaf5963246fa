package dev.connectorsdk.testkit;

/** What {@link ConnectorContract} demands of a connector. */
public enum ContractRule {
  /** {@link dev.connectorsdk.plugin.ConnectorLint} finds nothing. */
  LINT("The declaration is free of mistakes that can be seen without a call"),
  /** Without this, nothing else can be said of an operation. */
  SAMPLES("Each operation works with a sample, made up from its schema or given by the author"),
  /** See {@link dev.connectorsdk.api.Effect}. */
  EFFECT("An action does to the service no more than its effect says"),
  /** A write whose outcome nobody knows is not sent twice. */
  WRITE_ONCE("A write whose answer was lost is not sent again"),
  /** On 401. */
  RENEWAL("A refused credential is renewed once, and the request repeated once"),
  /** On 429. */
  RETRY_AFTER("A busy service is left alone for as long as it says"),
  /** In logs, exceptions, events, URLs, and what values say of themselves. */
  SECRETS("No secret is in a log, an exception, an event or a URL"),
  /** Also if the service names the same page for ever, or one empty page after the other. */
  PAGING("Reading pages ends, whatever the service answers"),
  /** By an interrupt. */
  CANCELLATION("A cancelled call ends at once, and hangs up"),
  /** One that is larger than the host allows. */
  LARGE_ANSWER("An answer that is too large is an error, and never a shorter one"),
  /** Truncated, of another kind, or of another shape. */
  BROKEN_ANSWER("An answer that cannot be read is an error that says so"),
  /** Of a trigger that asks. */
  POLLING("A poll loses no event, and finds it again under the same id only"),
  /** Of a trigger that is called. */
  WEBHOOK("A delivery is taken if it is right, and once; forged and late ones are refused");

  private final String sentence;

  ContractRule(String sentence) {
    this.sentence = sentence;
  }

  /** Returns the rule as a sentence, without a full stop. */
  public String sentence() {
    return sentence;
  }
}
