package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.ConnectionReference.Source;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConnectionReferenceTest {

  private final Principal ada = Principal.user("ada");
  private final ConnectionReference desk = ConnectionReference.embedded("desk", "helpdesk");

  @Test
  @Tag("I1")
  void isEqualToOneOfTheSameNameConnectorSourceAndOwner() {
    assertThat(desk)
        .isEqualTo(ConnectionReference.embedded("desk", "helpdesk"))
        .hasSameHashCodeAs(ConnectionReference.embedded("desk", "helpdesk"))
        .isNotEqualTo(ConnectionReference.embedded("desk-2", "helpdesk"))
        .isNotEqualTo(ConnectionReference.embedded("desk", "crm"))
        .isNotEqualTo(ConnectionReference.invoker("desk", "helpdesk"))
        .isNotEqualTo(desk.ownedBy(ada));
    assertThat(desk.ownedBy(ada))
        .isEqualTo(desk.ownedBy(Principal.user("ada")))
        .isNotEqualTo(desk.ownedBy(Principal.service("ada")));
  }

  @Test
  void whatPeopleReadOfItDoesNotCount() {
    ConnectionReference described = desk.named("The desk").described("Where tickets go");

    assertThat(described).isEqualTo(desk).hasSameHashCodeAs(desk);
    assertThat(described.displayName()).isEqualTo("The desk");
    assertThat(described.description()).isEqualTo("Where tickets go");
    assertThat(desk.displayName()).isEqualTo("desk");
    assertThat(desk.description()).isEmpty();
  }

  @Test
  void eachChangeKeepsTheOthers() {
    ConnectionReference all = desk.named("The desk").described("For tickets").ownedBy(ada);

    assertThat(all.logicalName()).isEqualTo("desk");
    assertThat(all.connector()).isEqualTo(ConnectorId.of("helpdesk"));
    assertThat(all.source()).isEqualTo(Source.EMBEDDED);
    assertThat(all.owner()).isEqualTo(ada);
    assertThat(all.displayName()).isEqualTo("The desk");
    assertThat(all.description()).isEqualTo("For tickets");
    assertThat(all).hasToString("desk of user:ada (embedded, helpdesk)");
    assertThat(desk).hasToString("desk (embedded, helpdesk)");
  }

  @Test
  void textsHaveALimit() {
    assertThat(desk.named("x".repeat(200)).described("x".repeat(2_000)).displayName()).hasSize(200);
    assertThatIllegalArgumentException().isThrownBy(() -> desk.named("x".repeat(201)));
    assertThatIllegalArgumentException().isThrownBy(() -> desk.named(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> desk.described("x".repeat(2_001)));
  }

  @Test
  @Tag("I1")
  void neitherAGroupNorAnInvokerReferenceComesWithAnOwner() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> desk.ownedBy(Principal.group("staff")))
        .withMessage("Reference 'desk' cannot belong to group:staff: name one principal");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionReference.invoker("mine", "helpdesk").ownedBy(ada))
        .withMessage("Reference 'mine' has no owner: each caller brings a connection for it");
  }
}
