package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes that change what is granted on one connection at the same time. */
@Tag("I1")
@Tag("I4")
class RivalGrantsTest extends HostTest {

  private static final Caller DEE = Principal.user("dee").in("dev");
  private static final Principal CYD = Principal.user("cyd");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private ConnectorRuntime other;
  private Runnable meanwhile = () -> {};
  private ConnectionId adas;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys);
  }

  @BeforeEach
  void twoNodes() {
    GrantStore late =
        StoreProxy.of(
            GrantStore.class,
            (method, arguments) -> {
              if (method.getName().equals("replaceGrants")) {
                meanwhile.run();
              }
              return method.invoke(store.grants(), arguments);
            });
    ConnectorStore whole = StoreProxy.replacing("grants", late, store);
    other = builder().store(whole, keys).build();
    adas = connect(ADA, "adas").id();
    runtime.connections().grant(ADA, adas, DEE.principal(), Right.OWN);
  }

  @AfterEach
  void closeTheOther() {
    other.close();
  }

  /** Has something happen once, after the other node has read what it is about to replace. */
  private void meanwhile(Runnable act) {
    meanwhile =
        () -> {
          meanwhile = () -> {};
          act.run();
        };
  }

  private Grant by(Caller grantor, Principal grantee, Right right) {
    return new Grant(grantee, right, grantor.principal(), null);
  }

  @Test
  void aGrantThatIsMadeMeanwhileIsKept() {
    runtime.connections().grant(ADA, adas, CYD, Right.USE, clock.instant().plusSeconds(60));
    clock.advance(Duration.ofMinutes(2));
    meanwhile(() -> runtime.connections().grant(ADA, adas, CYD, Right.MANAGE));

    other.connections().grant(ADA, adas, BOB.principal(), Right.USE);

    assertThat(runtime.connections().grants(ADA, adas))
        .containsExactlyInAnyOrder(
            by(ADA, DEE.principal(), Right.OWN),
            by(ADA, CYD, Right.MANAGE),
            by(ADA, BOB.principal(), Right.USE));
  }

  @Test
  void ofTwoWhoGrantToTheSameOneTheSecondSeesTheFirst() {
    meanwhile(() -> runtime.connections().grant(ADA, adas, CYD, Right.NONE));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> other.connections().grant(DEE, adas, CYD, Right.USE))
        .withMessageContaining("has a right that somebody else granted");

    assertThat(runtime.connections().grants(ADA, adas)).contains(by(ADA, CYD, Right.NONE));
  }

  @Test
  void whatIsGrantedWhileTheGrantorsRightIsTakenBackDoesNotHoldThenNorLater() {
    meanwhile(() -> runtime.connections().revoke(ADA, adas, DEE.principal()));

    other.connections().grant(DEE, adas, CYD, Right.USE);
    assertThat(runtime.connections().grants(ADA, adas)).isEmpty();

    runtime.connections().grant(ADA, adas, DEE.principal(), Right.OWN);
    assertThat(runtime.connections().grants(ADA, adas))
        .containsExactly(by(ADA, DEE.principal(), Right.OWN));
  }

  @Test
  void whatIsTakenBackWhileTheGranteeGrantsTakesThatBackToo() {
    meanwhile(() -> runtime.connections().grant(DEE, adas, CYD, Right.USE));

    assertThat(other.connections().revoke(ADA, adas, DEE.principal())).isTrue();

    assertThat(store.grants().listGrants(ADA.environment())).isEmpty();
  }

  @Test
  void whatIsTakenBackWhileAReferenceIsHandedOverDoesNotGoAlong() {
    Caller eve = Principal.user("eve").in("dev");
    runtime.references().bind(ADA, SHARED, adas);
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime.references().grant(ADA, SHARED, CYD);
    meanwhile(() -> runtime.references().revoke(ADA, SHARED, BOB.principal()));

    other
        .connections()
        .handOver(Administrator.of(Principal.user("root"), "dev"), adas, eve.principal());

    assertThat(runtime.references().grants(eve, SHARED)).containsExactly(by(eve, CYD, Right.USE));
  }

  @Test
  void whoIsNeverFirstIsTold() {
    var rivals = new AtomicInteger();
    meanwhile =
        () ->
            runtime
                .connections()
                .grant(ADA, adas, Principal.user("u" + rivals.incrementAndGet()), Right.USE);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> other.connections().grant(ADA, adas, CYD, Right.USE));

    assertThat(runtime.connections().grants(ADA, adas))
        .extracting(Grant::grantee)
        .doesNotContain(CYD);
  }
}
