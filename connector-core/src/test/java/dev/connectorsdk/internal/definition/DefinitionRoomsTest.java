package dev.connectorsdk.internal.definition;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/**
 * What each room may use of this library. The entry, {@code dev.connectorsdk.definition}, stands on
 * all of them, and none of them knows it.
 */
@AnalyzeClasses(packages = "dev.connectorsdk", importOptions = ImportOption.DoNotIncludeTests.class)
class DefinitionRoomsTest {

  private static final String ROOMS = "dev.connectorsdk.internal.definition.";

  /** How a call reaches its service. */
  private static final String[] CALLS = {"dev.connectorsdk.internal.http"};

  /** What says that schemas are made late. */
  private static final String SCHEMAS = "dev.connectorsdk.internal.schema";

  @ArchTest static final ArchRule document = room("document");
  @ArchTest static final ArchRule request = callingRoom("request", "document");
  @ArchTest static final ArchRule policy = callingRoom("policy", "document", "request");

  @ArchTest
  static final ArchRule operation = callingRoom("operation", "document", "request", "policy");

  @ArchTest static final ArchRule auth = room("auth", "document", "request");
  @ArchTest static final ArchRule form = room("form", "document", "request", "operation");

  @ArchTest
  static final ArchRule trigger =
      rule(
          "trigger",
          Stream.concat(
              Stream.concat(Stream.of(CALLS), Stream.of(SCHEMAS)),
              Stream.of("document", "request", "policy", "operation", "form").map(ROOMS::concat)));

  @ArchTest
  static final ArchRule noRoomsNeedEachOther =
      slices().matching(ROOMS + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheEntryUsesTheRooms =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.connectorsdk.definition", ROOMS + ".")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOMS + ".");

  private static ArchRule room(String name, String... below) {
    return rule(name, Stream.of(below).map(ROOMS::concat));
  }

  private static ArchRule callingRoom(String name, String... below) {
    return rule(name, Stream.concat(Stream.of(CALLS), Stream.of(below).map(ROOMS::concat)));
  }

  private static ArchRule rule(String name, Stream<String> used) {
    String[] all =
        Stream.concat(Stream.of("dev.connectorsdk.api..", ROOMS + name), used)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ROOMS + name)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(all).or(not(resideInAPackage("dev.connectorsdk.."))));
  }
}
