package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.sharing.HostFlows;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An administrator of an environment replaces and deletes no policy of somebody else. */
@Tag("I3")
class WrittenPoliciesTest {

  private static final Administrator OF_DEV = Administrator.of(Principal.user("dee"), "dev");
  private static final DataPolicy OWN = DataPolicy.named("p").ofEnvironment("dev").build();
  private static final DataPolicy OF_ALL = DataPolicy.named("p").blocked("chat").build();

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final PolicyStore store = memory.policies();
  private Runnable afterReading = () -> {};

  /** Has something happen right after the policies were read. */
  private final class Busy implements PolicyStore {

    @Override
    public List<StoredPolicy> listPolicies() {
      List<StoredPolicy> read = store.listPolicies();
      afterReading.run();
      return read;
    }

    @Override
    public boolean writePolicy(StoredPolicy next, long expectedVersion) {
      return store.writePolicy(next, expectedVersion);
    }
  }

  private DefaultPolicies policies() {
    ConnectorRegister register = (environment, id) -> new ConnectorFacts(id, false, true, null);
    PolicyStore busy = new Busy();
    var stored =
        new StoredPolicies(busy, StoreChanges.none(clock, Duration.ofSeconds(5)), register);
    return new DefaultPolicies(
        busy,
        stored,
        Set.of(),
        new PolicyAdvice(stored, register, List::of, new HostFlows(null), memory.audit()),
        new EventHub(Auditor.none(clock), List.of()),
        clock);
  }

  private void store(String json, long expectedVersion) {
    store.writePolicy(
        new PolicyStore.StoredPolicy("p", expectedVersion + 1, json), expectedVersion);
  }

  private void nothingButThisIsStored(String json) {
    assertThat(store.listPolicies())
        .extracting(PolicyStore.StoredPolicy::json)
        .containsExactly(json);
  }

  @Test
  @DisplayName("I3: whose policy it is that cannot be read nobody knows")
  void onePolicyThatCannotBeRead() {
    String unreadable = "{\"name\":\"p\",\"later\":1}";
    store(unreadable, 0);

    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> policies().save(OF_DEV, OWN, 1));
    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> policies().delete(OF_DEV, "p", 1));
    nothingButThisIsStored(unreadable);
  }

  @Test
  @DisplayName("I3: a right to one version is none to the next")
  void onePolicyThatIsReplacedMeanwhile() {
    store(OWN.toJson(), 0);
    afterReading =
        () -> {
          afterReading = () -> {};
          store(OF_ALL.toJson(), 1);
        };
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> policies().save(OF_DEV, OWN, 2));
    nothingButThisIsStored(OF_ALL.toJson());

    store(OWN.toJson(), 2);
    afterReading =
        () -> {
          afterReading = () -> {};
          store(OF_ALL.toJson(), 3);
        };
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> policies().delete(OF_DEV, "p", 4));
    nothingButThisIsStored(OF_ALL.toJson());
  }
}
