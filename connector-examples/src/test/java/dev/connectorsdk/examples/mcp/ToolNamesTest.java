package dev.connectorsdk.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolNamesTest {

  @Test
  void aNameIsReferenceAndOperation() {
    assertThat(ToolNames.of("desk", "listTickets")).isEqualTo("desk__listTickets");
    assertThat(ToolNames.of("a.b-c_d", "V2_list")).isEqualTo("a.b-c_d__V2_list");
  }

  @Test
  void whatDoesNotFitGetsADigestAndStaysTheSame() {
    String longest = ToolNames.of("desk", "x".repeat(200));

    assertThat(longest).hasSize(64).matches("[A-Za-z0-9_.-]+").isEqualTo(longest);
    assertThat(ToolNames.of("desk", "Größe lesen")).matches("desk_Gr_e_lesen_[0-9a-f]{12}");
    assertThat(ToolNames.of("desk", "x".repeat(199))).isNotEqualTo(longest);
  }

  @Test
  void aNameOfAnyLengthIsMadeShort() {
    assertThat(ToolNames.of("desk", "x" + "_x".repeat(200_000))).hasSizeLessThanOrEqualTo(64);
  }

  @Test
  void differentActionsHaveDifferentNames() {
    assertThat(
            List.of(
                ToolNames.of("a_", "b"),
                ToolNames.of("a", "_b"),
                ToolNames.of("a__b", "c"),
                ToolNames.of("a", "b__c"),
                ToolNames.of("a", "b_c"),
                ToolNames.of("a", "b c")))
        .doesNotHaveDuplicates();
  }
}
