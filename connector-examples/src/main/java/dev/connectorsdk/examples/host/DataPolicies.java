package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A host whose administrators say which connectors may be used together. */
final class DataPolicies {

  private DataPolicies() {}

  // tag::policies[]
  /** Mail, CRM and files are for business, but CRM and files are never used together. */
  static void save(Policies policies, Administrator root) {
    DataPolicy customers = DataPolicy.named("customers").business("mail", "crm").build();
    DataPolicy documents = DataPolicy.named("documents").business("mail", "files").build();
    policies.save(root, customers, 0);
    policies.save(root, documents, 0);
  }

  // end::policies[]

  // tag::policy-check[]
  /** Tells the owner of a flow, when it is saved, what will be refused when it runs. */
  static String check(ConnectorRuntime runtime, Administrator deeOfProd, Flow flow) {
    PolicyDecision decision = runtime.policies().check(deeOfProd.environment().orElseThrow(), flow);
    return decision.isAllowed() ? "" : decision.explanation();
  }

  // end::policy-check[]

  // tag::policy-change[]
  /** Shows what a policy from a file would break before it is saved. */
  static PolicyDifference preview(ConnectorRuntime runtime, Administrator deeOfProd, Path file)
      throws IOException {
    DataPolicy policy = DataPolicy.read(file.toString(), Files.readString(file));
    return runtime.policies().whatIf(deeOfProd, policy);
  }
  // end::policy-change[]
}
