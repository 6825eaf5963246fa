package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What an administrator does with connections of others. */
final class Administration {

  private Administration() {}

  // tag::disabling[]
  static List<Connection> disableAll(
      ConnectorRuntime runtime, Administrator administrator, Principal owner, String why) {
    ConnectionQuery query = ConnectionQuery.all().ownedBy(owner).sortedBy(Order.CONNECTOR);
    List<Connection> disabled = new ArrayList<>();
    List<Connection> page = runtime.connections().list(administrator, query);
    while (!page.isEmpty()) {
      page.forEach(
          one -> disabled.add(runtime.connections().disable(administrator, one.id(), why)));
      page = runtime.connections().list(administrator, query.after(page.get(page.size() - 1)));
    }
    return disabled;
  }

  // end::disabling[]

  // tag::leaving[]
  /** Shows what stops when somebody leaves, and gives it to a successor. */
  static void replace(
      ConnectorRuntime runtime,
      Administrator administrator,
      Principal leaver,
      Principal successor,
      List<Flow> leaversFlows,
      PrintStream out) {
    ConnectionQuery leavers = ConnectionQuery.all().ownedBy(leaver);
    List<Connection> page = runtime.connections().list(administrator, leavers);
    while (!page.isEmpty()) {
      for (Connection one : page) {
        out.println(
            one.displayName() + ": " + runtime.connections().usage(administrator, one.id()));
        runtime.connections().handOver(administrator, one.id(), successor);
      }
      page = runtime.connections().list(administrator, leavers);
    }
    for (Flow flow : leaversFlows) {
      out.println(
          flow + " still needs " + runtime.references().reassign(administrator, flow, successor));
    }
  }
  // end::leaving[]
}
