package dev.connectorsdk.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.audit.AuditSettings.Overflow;
import dev.connectorsdk.internal.schema.JsonSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that wait in a file while the store is away. */
class OverflowFileTest {

  private static final int MIB = 1024 * 1024;

  @TempDir Path folder;

  private OverflowFile file;

  @BeforeEach
  void open() {
    var overflow = new Overflow(folder.resolve("audit.jsonl"), 10 * MIB);
    file = OverflowFile.open(overflow, JsonSettings.newMapper());
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static AuditRecord record(int number, String result) {
    return Draft.ofRuntime(Instant.EPOCH, Kind.LEFT_OUT, result).numbered("run", number);
  }

  private static List<AuditRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(i -> record(i, "r" + i)).toList();
  }

  @Test
  void givesBackALongFileAPartAtATime() {
    List<AuditRecord> all = records(10_000);
    assertThat(file.append(all, false)).isTrue();

    List<AuditRecord> back = new ArrayList<>();
    file.drain(back::addAll);
    assertThat(back).hasSizeBetween(100, 2_000);
    while (!file.isEmpty()) {
      file.drain(back::addAll);
    }

    assertThat(back).isEqualTo(all);
  }

  @Test
  void takesWhatComesWhilePartsAreGivenBack() {
    List<AuditRecord> all = records(10_000);
    file.append(all.subList(0, 9_000), false);
    List<AuditRecord> back = new ArrayList<>();
    file.drain(back::addAll);

    file.append(all.subList(9_000, 10_000), false);
    while (!file.isEmpty()) {
      file.drain(back::addAll);
    }

    assertThat(back).isEqualTo(all);
  }

  @Test
  void givesAgainWhatWasNotTaken() {
    file.append(records(3), false);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                file.drain(
                    some -> {
                      throw new IllegalStateException("away again");
                    }));

    List<AuditRecord> back = new ArrayList<>();
    file.drain(back::addAll);
    assertThat(back).isEqualTo(records(3));
    assertThat(file.isEmpty()).isTrue();
  }

  @Test
  void givesBackALineThatIsLongerThanAPart() {
    List<AuditRecord> all = List.of(record(0, "short"), record(1, "x".repeat(MIB)), record(2, "y"));
    file.append(all, false);

    List<AuditRecord> back = new ArrayList<>();
    while (!file.isEmpty()) {
      file.drain(back::addAll);
    }

    assertThat(back).isEqualTo(all);
  }
}
