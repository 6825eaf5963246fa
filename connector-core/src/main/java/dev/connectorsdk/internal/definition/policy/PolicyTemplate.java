package dev.connectorsdk.internal.definition.policy;

import static dev.connectorsdk.internal.definition.policy.PolicyTrait.MOVES_HOST;
import static dev.connectorsdk.internal.definition.policy.PolicyTrait.POLLS;
import static dev.connectorsdk.internal.definition.policy.PolicyTrait.REFUSES;
import static dev.connectorsdk.internal.definition.policy.PolicyTrait.SETS_METHOD;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of the policy templates that there are.
 *
 * @param id in lower case
 * @param onRequest reads what a policy does to requests; throws {@link IllegalArgumentException} if
 *     an argument is missing or cannot be understood
 * @param onAnswer the same for answers, or {@code null} if it works on requests only
 */
record PolicyTemplate(
    String id,
    Function<PolicyArguments, ? extends RequestStep> onRequest,
    @Nullable Function<PolicyArguments, MessageStep> onAnswer,
    Set<PolicyTrait> traits) {

  private static final Map<String, PolicyTemplate> ALL =
      Stream.of(
              onRequests("dynamichosturl", ServiceAddress::read, MOVES_HOST),
              onRequests("dynamicsubdomain", ServiceAddress::read, MOVES_HOST),
              onRequests("routerequesttoendpoint", RouteStep::read, SETS_METHOD),
              onRequests("setqueryparameter", QueryStep::read),
              onRequests("setvaluefromurl", ValueFromUrlStep::read),
              onRequests("pollingtrigger", arguments -> RouteStep::toPolledList, POLLS),
              onMessages("setheader", HeaderStep::read),
              onMessages("setproperty", SetPropertyStep::read),
              onMessages("convertarraytoobject", ConvertStep::arrayToObject),
              onMessages("convertobjecttoarray", ConvertStep::objectToArray),
              onMessages("stringtoarray", ConvertStep::stringToArray),
              onMessages("stringreplace", ConvertStep::replace),
              onMessages("encodepropertyvalue", ConvertStep::encode),
              onMessages("moveproperties", MoveStep::read),
              onMessages("updatenextlink", arguments -> MessageStep.NOTHING),
              onMessages(
                  "setconnectionstatustounauthenticated",
                  arguments -> MessageStep.NOTHING,
                  REFUSES))
          .collect(Collectors.toUnmodifiableMap(PolicyTemplate::id, template -> template));

  private static PolicyTemplate onRequests(
      String id, Function<PolicyArguments, ? extends RequestStep> step, PolicyTrait... traits) {
    return new PolicyTemplate(id, step, null, Set.of(traits));
  }

  private static PolicyTemplate onMessages(
      String id, Function<PolicyArguments, MessageStep> step, PolicyTrait... traits) {
    return new PolicyTemplate(id, step, step, Set.of(traits));
  }

  /**
   * Returns the template of an id, or {@code null} if there is none.
   *
   * @param id in lower case
   */
  static @Nullable PolicyTemplate find(String id) {
    return ALL.get(id);
  }

  /**
   * Reads what a policy does.
   *
   * @throws IllegalArgumentException if it cannot be done; the message is what the template lacks
   */
  RequestStep step(Section section, PolicyArguments arguments) {
    if (section == Section.REQUEST) {
      return onRequest.apply(arguments);
    }
    if (onAnswer == null) {
      throw new IllegalArgumentException("works on requests, and its section is the answer");
    }
    return onAnswer.apply(arguments);
  }

  boolean is(PolicyTrait trait) {
    return traits.contains(trait);
  }
}
