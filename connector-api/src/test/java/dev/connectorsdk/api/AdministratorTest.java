package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.error.PermissionDeniedException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("I1")
class AdministratorTest {

  private final Principal root = Principal.user("root");

  @Test
  void administersOneEnvironmentAlone() {
    Administrator ofDev = Administrator.of(root, "dev");

    assertThat(ofDev.environment()).contains(Environment.of("dev"));
    assertThat(ofDev.principal()).isEqualTo(root);
    assertThat(ofDev.in(Environment.of("dev")).environment()).contains(Environment.of("dev"));
    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> ofDev.in(Environment.of("prod")))
        .withMessage(
            "user:root, administrator of dev, may not act in prod: that takes an administrator of"
                + " prod")
        .returns(Optional.of(Environment.of("prod")), PermissionDeniedException::environment)
        .returns("administrator of prod", PermissionDeniedException::missingRight)
        .returns("Have an administrator of prod do it.", PermissionDeniedException::remedy)
        .matches(PermissionDeniedException::userMustAct)
        .matches(e -> !e.isRetryable());
  }

  @Test
  void administersTheWholeRuntimeOneEnvironmentAtATime() {
    Administrator ofAll = Administrator.ofRuntime(root);

    assertThat(ofAll.environment()).isEmpty();
    assertThat(ofAll.in(Environment.of("prod")).environment()).contains(Environment.of("prod"));
    assertThat(ofAll).hasToString("user:root, administrator of the runtime");
  }

  @Test
  void aGroupDoesNotAdminister() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Administrator.ofRuntime(Principal.group("admins")))
        .withMessage("group:admins cannot administer: name the one of its members who does");
  }
}
