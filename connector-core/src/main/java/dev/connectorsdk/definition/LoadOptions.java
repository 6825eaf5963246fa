package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.internal.HostPattern;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.internal.definition.policy.HostAdditions;
import dev.connectorsdk.internal.definition.policy.HostRules;
import dev.connectorsdk.internal.definition.policy.Script;
import dev.connectorsdk.internal.definition.request.Expressions;
import dev.connectorsdk.internal.definition.trigger.FilledInput;
import dev.connectorsdk.internal.definition.trigger.SignedDeliveries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/**
 * The settings with which a host loads a definition. Immutable: each method that changes something
 * returns a copy.
 *
 * <pre>{@code
 * LoadOptions.standard()
 *     .script("CreateOrder", new CreateOrderPort())
 *     .allowingHost("*.vendor.example")
 *     .strict()
 * }</pre>
 */
public final class LoadOptions {

  private static final LoadOptions STANDARD = new LoadOptions();

  private @Nullable ScriptPort script;
  private Map<String, ScriptPort> scripts = Map.of();
  private List<HostPattern> allowedHosts = List.of();
  private Map<String, String> environmentVariables = Map.of();
  private @Nullable WorkflowContext workflow;
  private boolean strict;
  private Overlay overlay = Overlay.none();
  private List<AuthOption> authOptions = List.of();
  private Map<String, SignedDeliveries> signed = Map.of();

  private LoadOptions() {}

  /** The fields are written here only, before anybody else sees the copy. */
  private LoadOptions with(Consumer<LoadOptions> change) {
    LoadOptions copy = new LoadOptions();
    copy.script = script;
    copy.scripts = scripts;
    copy.allowedHosts = allowedHosts;
    copy.environmentVariables = environmentVariables;
    copy.workflow = workflow;
    copy.strict = strict;
    copy.overlay = overlay;
    copy.authOptions = authOptions;
    copy.signed = signed;
    change.accept(copy);
    return copy;
  }

  /** Returns the defaults. */
  public static LoadOptions standard() {
    return STANDARD;
  }

  /** Returns a copy with a port of the connector's script, for all operations without their own. */
  public LoadOptions script(ScriptPort port) {
    Objects.requireNonNull(port, "port");
    return with(copy -> copy.script = port);
  }

  /** Returns a copy with a port of the connector's script for one operation. */
  public LoadOptions script(String operationId, ScriptPort port) {
    Map<String, ScriptPort> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(scripts);
    more.put(operationId, Objects.requireNonNull(port, "port"));
    return with(copy -> copy.scripts = more);
  }

  /**
   * Returns a copy that allows requests to this host, with the connection's credentials, where the
   * input of a call names the host. About one in fifty published definitions takes its host from a
   * parameter of the operation. Such a call is refused unless the host is below a domain that the
   * definition names, among the choices that it offers, the connection's own, or allowed here.
   *
   * @param host a host name, or {@code *.} with a domain for all hosts below it
   * @throws IllegalArgumentException if it is neither
   */
  public LoadOptions allowingHost(String host) {
    List<HostPattern> more = new ArrayList<>(allowedHosts);
    more.add(new HostPattern(host));
    return with(copy -> copy.allowedHosts = List.copyOf(more));
  }

  /** Returns a copy with the value of an environment variable that policies read. */
  public LoadOptions environmentVariable(String name, String value) {
    Map<String, String> more = new HashMap<>(environmentVariables);
    more.put(name, Objects.requireNonNull(value, "value"));
    return with(copy -> copy.environmentVariables = Map.copyOf(more));
  }

  /** Returns a copy with the code that evaluates defaults that are expressions. */
  public LoadOptions workflow(WorkflowContext workflow) {
    Objects.requireNonNull(workflow, "workflow");
    return with(copy -> copy.workflow = workflow);
  }

  /**
   * Returns a copy that enforces the types, choices, limits and patterns that the definition
   * declares: an input that does not fit is refused with an {@link
   * dev.connectorsdk.api.error.InvalidInputException} before anything is sent.
   *
   * <p>By default a value of another type is accepted if it can be converted, and the input's
   * schema lists choices, limits and patterns without enforcing them; it says so with {@code
   * "x-limits": "advisory"}. The reason is that many published definitions are narrower than their
   * services. Formats are never checked.
   */
  public LoadOptions strict() {
    return with(copy -> copy.strict = true);
  }

  /** Returns a copy with corrections of the definition, which replace earlier ones. */
  public LoadOptions overlay(Overlay overlay) {
    Objects.requireNonNull(overlay, "overlay");
    return with(copy -> copy.overlay = overlay);
  }

  /**
   * Returns a copy with one more way to authenticate, after those of the definition, such as the
   * signatures of Azure Storage or AWS, for which definitions have no words. A request is signed
   * before the definition's policies change it.
   *
   * <pre>{@code
   * LoadOptions.standard().authOption(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
   * }</pre>
   *
   * @param option its id must not be one of the definition's
   */
  public LoadOptions authOption(AuthOption option) {
    List<AuthOption> more = new ArrayList<>(authOptions);
    more.add(Objects.requireNonNull(option, "option"));
    return with(copy -> copy.authOptions = List.copyOf(more));
  }

  /**
   * Returns a copy that says how the deliveries of a webhook are signed, of which definitions say
   * nothing, where that takes no secret of the registration: the keys are published, or the service
   * tells the secret in a {@linkplain dev.connectorsdk.api.webhook.Handshake handshake}. Deliveries
   * that are not authentic are refused, and the report names the signature.
   *
   * @param operationId of a webhook trigger; loading refuses another one
   * @throws IllegalArgumentException if the signature needs a secret
   */
  public LoadOptions signature(String operationId, Signature signature) {
    return signed(operationId, SignedDeliveries.of(signature));
  }

  /**
   * Returns a copy that says how the deliveries of a webhook are signed, with a secret that the
   * runtime makes for each registration and sends when it subscribes.
   *
   * <pre>{@code
   * LoadOptions.standard()
   *     .signatureBySentSecret("WhenPushed", Signatures.gitHub(), "body/config/secret")
   * }</pre>
   *
   * @param operationId of a webhook trigger; loading refuses another one
   * @param input the input of the operation that takes the secret: the name of a parameter, or of a
   *     body followed by the JSON pointer of a member, which need not be declared. It is no longer
   *     part of the trigger's configuration
   * @throws IllegalArgumentException if the signature is checked with a public key
   */
  public LoadOptions signatureBySentSecret(String operationId, Signature signature, String input) {
    return signed(operationId, SignedDeliveries.sent(signature, FilledInput.of(input)));
  }

  /**
   * Returns a copy that says how the deliveries of a webhook are signed, with a secret or a public
   * key that the service answers with when the runtime subscribes. If the answer has none, the
   * registration is removed again, and the subscription says why it failed.
   *
   * @param operationId of a webhook trigger; loading refuses another one
   * @param pointer JSON pointer into the output of the operation, such as {@code /body/secret} or
   *     {@code /headers/x-hook-secret}
   * @throws IllegalArgumentException if it is no JSON pointer
   */
  public LoadOptions signatureByAnsweredSecret(
      String operationId, Signature signature, String pointer) {
    return signed(operationId, SignedDeliveries.answered(signature, JsonPointer.compile(pointer)));
  }

  /**
   * Returns a copy that says how the deliveries of a webhook are signed, with a secret or a public
   * key of the host's application: {@link
   * dev.connectorsdk.api.auth.ClientRegistration#withWebhookSecrets}. While the client has none,
   * nothing is registered.
   *
   * @param operationId of a webhook trigger; loading refuses another one
   */
  public LoadOptions signatureByApplication(String operationId, Signature signature) {
    return signed(operationId, SignedDeliveries.ofApplication(signature));
  }

  /**
   * Returns a copy that says how the deliveries of a webhook are signed, with a secret or a public
   * key that the owner of the connection enters. While it is missing, nothing is registered.
   *
   * @param operationId of a webhook trigger; loading refuses another one
   * @param parameter a secret parameter of the connection; loading refuses another one
   */
  public LoadOptions signatureByParameter(
      String operationId, Signature signature, String parameter) {
    return signed(operationId, SignedDeliveries.ofParameter(signature, parameter));
  }

  private LoadOptions signed(String operationId, SignedDeliveries deliveries) {
    Map<String, SignedDeliveries> more = new HashMap<>(signed);
    more.put(operationId, deliveries);
    return with(copy -> copy.signed = Map.copyOf(more));
  }

  /** Returns whose deliveries are signed, by the id of the operation. */
  Map<String, SignedDeliveries> signed() {
    return signed;
  }

  List<AuthOption> authOptions() {
    return authOptions;
  }

  Overlay overlay() {
    return overlay;
  }

  boolean isStrict() {
    return strict;
  }

  @Nullable Expressions expressions() {
    return workflow == null ? null : workflow::evaluate;
  }

  /** Returns what belongs to the policies of a definition. */
  HostAdditions additions() {
    return new HostAdditions(
        new HostRules(allowedHosts),
        environmentVariables,
        this::script,
        overlay.corrections().setsBaseUrl());
  }

  private @Nullable Script script(String operationId) {
    ScriptPort port = scripts.getOrDefault(operationId, script);
    return port == null ? null : new PortedScript(port);
  }
}
