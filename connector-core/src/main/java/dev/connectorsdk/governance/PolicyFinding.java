package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a data policy has against a use of connectors. All of it can be shown to people: no finding
 * names a path, a query or a payload.
 */
public sealed interface PolicyFinding {

  /** Returns the name of the policy. */
  String policy();

  /** Returns by what people know the policy, as {@link DataPolicy#label} has it. */
  String label();

  /** Returns what the policy has follow. */
  Mode mode();

  /** Returns the rule of the policy that was broken, by its place in the policy. */
  String rule();

  /** Returns what was found, as a sentence. */
  String problem();

  /** Returns the smallest change that would allow it as far as this rule goes, as a sentence. */
  String remedy();

  /** A connector that the policy blocks is used. */
  record Blocked(String policy, String label, Mode mode, ConnectorId connector)
      implements PolicyFinding {

    @Override
    public String rule() {
      return "connectorGroups/Blocked";
    }

    @Override
    public String problem() {
      return "Connector '" + connector + "' is blocked.";
    }

    @Override
    public String remedy() {
      return "Move '" + connector + "' out of Blocked, or do without it.";
    }
  }

  /** An operation that the policy blocks is called. */
  record ActionBlocked(
      String policy, String label, Mode mode, ConnectorId connector, String operation)
      implements PolicyFinding {

    @Override
    public String rule() {
      return "connectorActionConfigurations/" + connector;
    }

    @Override
    public String problem() {
      return "Operation '" + operation + "' of connector '" + connector + "' is blocked.";
    }

    @Override
    public String remedy() {
      return "Allow '" + operation + "' of '" + connector + "', or do without it.";
    }
  }

  /**
   * A request goes where the policy lets none go.
   *
   * @param origin scheme, host and port
   */
  record EndpointDenied(
      String policy, String label, Mode mode, ConnectorId connector, String origin, String rule)
      implements PolicyFinding {

    @Override
    public String problem() {
      return "Connector '" + connector + "' may send no such request to " + origin + ".";
    }

    @Override
    public String remedy() {
      return "Put a rule that allows the endpoint before " + rule + ".";
    }
  }

  /**
   * A flow calls what it does not declare, or declares nothing.
   *
   * @param reference the logical name of the reference under which it calls
   */
  record Undeclared(String policy, String label, Mode mode, String reference, String operation)
      implements PolicyFinding {

    @Override
    public String rule() {
      return "declaration";
    }

    @Override
    public String problem() {
      return "The flow does not declare that it calls '"
          + operation
          + "' under reference '"
          + reference
          + "'.";
    }

    @Override
    public String remedy() {
      return "Declare it, by Flow.calling(reference, \"" + operation + "\").";
    }
  }

  /** Connectors are used together that the policy keeps apart. */
  record Mixed(
      String policy,
      String label,
      Mode mode,
      List<ConnectorId> business,
      List<ConnectorId> nonBusiness)
      implements PolicyFinding {

    public Mixed {
      business = List.copyOf(business);
      nonBusiness = List.copyOf(nonBusiness);
    }

    @Override
    public String rule() {
      return "connectorGroups";
    }

    @Override
    public String problem() {
      return "Connectors of Business ("
          + names(business)
          + ") and of Non-business ("
          + names(nonBusiness)
          + ") are used together.";
    }

    @Override
    public String remedy() {
      return "Move "
          + names(moved())
          + " to "
          + (target() == Group.BUSINESS ? "Business" : "Non-business")
          + ", or use connectors of one group only.";
    }

    /** Returns the group that has more of the connectors. */
    Group target() {
      return business.size() < nonBusiness.size() ? Group.NON_BUSINESS : Group.BUSINESS;
    }

    private List<ConnectorId> moved() {
      return target() == Group.BUSINESS ? nonBusiness : business;
    }

    private static String names(List<ConnectorId> connectors) {
      return connectors.stream().map(ConnectorId::value).collect(Collectors.joining(", "));
    }
  }
}
