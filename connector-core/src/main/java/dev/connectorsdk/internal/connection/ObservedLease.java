package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.internal.observation.Observations.Running;
import java.util.Map;

/** A lease under which a token is fetched or renewed, which is observed. For one thread. */
final class ObservedLease implements Lease {

  private final Lease lease;
  private final Running observed;
  private boolean isReplaced;

  ObservedLease(Lease lease, Running observed) {
    this.lease = lease;
    this.observed = observed;
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    isReplaced = lease.replace(expectedVersion, values);
    return isReplaced;
  }

  @Override
  public boolean confirm(long version) {
    return lease.confirm(version);
  }

  @Override
  public boolean isInherited() {
    return lease.isInherited();
  }

  @Override
  public void leaveMark() {
    lease.leaveMark();
  }

  @Override
  public void close() {
    observed.end(isReplaced ? "success" : "unchanged", null);
    lease.close();
  }
}
