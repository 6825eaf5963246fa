package dev.connectorsdk.governance;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.PermissionDeniedException;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * The data policies of a runtime. Safe for use by several threads. All methods block, use the
 * store, and throw {@link dev.connectorsdk.api.error.StoreException} if that fails.
 *
 * <p>What is saved holds at once in this process, and in others that share the store after the
 * runtime's freshness at the latest. While the policies cannot be read, calls are refused.
 *
 * <p>An administrator of the whole runtime writes every policy. One of an environment writes those
 * that are for this environment alone ({@link DataPolicy.Scope#SINGLE_ENVIRONMENT}), and no others:
 * all that apply hold together, so none of them weakens one of the runtime.
 */
public interface Policies {

  /**
   * A policy and its version.
   *
   * @param version 1 for a new policy, and one more with each change; what is saved under the name
   *     of a deleted policy goes on with its versions
   */
  record Saved(DataPolicy policy, long version) {}

  /**
   * Saves a policy.
   *
   * @param expectedVersion of the policy of the same name that it replaces; 0 for a new one
   * @return it with its new version
   * @throws dev.connectorsdk.api.error.ConflictException if the stored version is another; nothing
   *     changes
   * @throws dev.connectorsdk.api.error.InvalidInputException if it blocks connectors that cannot be
   *     blocked, or has more than 1,000,000 characters as JSON
   * @throws PermissionDeniedException if the administrator may not write it, or may not write the
   *     one that it replaces
   */
  Saved save(Administrator administrator, DataPolicy policy, long expectedVersion);

  /**
   * Deletes a policy.
   *
   * @throws dev.connectorsdk.api.error.ConflictException if the stored version is another; nothing
   *     changes
   * @throws dev.connectorsdk.api.error.NotFoundException if there is none
   * @throws PermissionDeniedException if the administrator may not write it
   */
  void delete(Administrator administrator, String name, long expectedVersion);

  /**
   * Returns the policies that apply in the administrator's environment, or all of them to an
   * administrator of the whole runtime, ordered by name.
   */
  List<Saved> list(Administrator administrator);

  /**
   * Returns which rules concern a connector in the administrator's environment: of each policy that
   * applies there, in which group the connector is, its action rules and its endpoint rules. What
   * is no rule for it is left out, such as action rules of a custom connector. So are the patterns
   * for custom connectors, since they go by where a connection leads.
   *
   * @return ordered by the names of the policies, and then as they stand there
   * @throws IllegalArgumentException if the administrator is that of the whole runtime: say in
   *     which environment, {@code administrator.in(environment)}
   */
  List<Rule> rulesOf(Administrator administrator, ConnectorId connector);

  /** Returns which rules concern the connector with this id, as {@link #rulesOf} does. */
  default List<Rule> rulesOf(Administrator administrator, String connector) {
    return rulesOf(administrator, ConnectorId.of(connector));
  }

  /**
   * A rule that concerns a connector.
   *
   * @param policy the policy with its version
   * @param rule by its place in the policy, as findings name it
   * @param meaning what it says, as a sentence
   */
  record Rule(Saved policy, String rule, String meaning) {}

  /**
   * Decides about a flow in an environment: about the references and operations that it declares.
   * What it calls besides is refused under a policy that is enforced, and so is a flow that
   * declares nothing. Where requests go is decided when they are sent.
   */
  PolicyDecision check(Environment environment, Flow flow);

  /**
   * Decides about a request of a connector, made for no flow, by the rules about where requests go:
   * which rule denies it, and where one would have to stand to allow it. So it does by the patterns
   * that sort custom connectors: one whose request goes where a pattern says Blocked is refused.
   * With which others it may be used there depends on the flow.
   *
   * @throws IllegalArgumentException if it is no http or https URL
   */
  PolicyDecision checkRequest(Environment environment, ConnectorId connector, URI url);

  /** Decides about a request of the connector with this id. */
  default PolicyDecision checkRequest(Environment environment, String connector, URI url) {
    return checkRequest(environment, ConnectorId.of(connector), url);
  }

  /**
   * Returns what becomes of the host's flows in the administrator's environment if these policies
   * hold: besides the others, or instead of those with their names. Nothing is written.
   *
   * @throws IllegalArgumentException if the administrator is not of one environment
   * @throws IllegalStateException if the runtime knows no flows; see {@code RuntimeBuilder.flows}
   */
  PolicyDifference whatIf(Administrator administrator, DataPolicy... changed);

  /**
   * Returns the same, with what the audit has seen: a flow that has called what it does not declare
   * is refused wherever a policy that is enforced concerns it. Without an audit that is kept
   * ({@code RuntimeBuilder.audit}) nothing was seen.
   *
   * @param seenSince looks at the records since then, at most at the latest 100,000 in the
   *     environment; {@link PolicyDifference#seenSince} says how far that went
   * @throws IllegalArgumentException if the administrator is not of one environment
   * @throws IllegalStateException if the runtime knows no flows; see {@code RuntimeBuilder.flows}
   */
  PolicyDifference whatIf(Administrator administrator, Instant seenSince, DataPolicy... changed);

  /**
   * Returns what becomes of these flows alone, such as one that is about to be made, or one page of
   * them all. The runtime need not know them.
   *
   * @throws IllegalArgumentException if the administrator is not of one environment
   */
  PolicyDifference whatIf(Administrator administrator, List<Flow> flows, DataPolicy... changed);

  /**
   * Returns what in a policy may not do what its author expects, one sentence for each: rules that
   * are never reached or change nothing, ids of connectors and operations that no environment has,
   * groups that no connector is in, hosts of sign-ins that are denied, and a policy whose place it
   * is to be tried out in, but which is not saved or not enforced. Where the runtime has no
   * connectors at all, nothing is said of connectors.
   */
  List<String> review(DataPolicy policy);
}
