package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.runtime.ConnectorRuntime;
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
}
