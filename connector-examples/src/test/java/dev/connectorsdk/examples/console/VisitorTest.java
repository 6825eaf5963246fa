package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PermissionDeniedException;
import org.junit.jupiter.api.Test;

/** Who looks at the console. */
class VisitorTest {

  private static final Principal ROOT = Principal.user("root");
  private static final Visitor VISITOR = Visitor.of(ROOT.in("dev"), "Root", "root-1");

  @Test
  void administersTheEnvironmentOfTheVisitOrTheRuntime() {
    Administrator ofDev = Administrator.of(ROOT, Environment.of("dev"));
    Administrator ofRuntime = Administrator.ofRuntime(ROOT);

    assertThat(VISITOR.administering(ofDev).administrator()).hasValue(ofDev);
    assertThat(VISITOR.administering(ofRuntime).administrator()).hasValue(ofRuntime);
  }

  @Test
  void administersNoOtherEnvironment() {
    Administrator ofProd = Administrator.of(ROOT, Environment.of("prod"));

    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> VISITOR.administering(ofProd));
  }
}
