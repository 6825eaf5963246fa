package dev.connectorsdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.time.Instant;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.TrustManager;

/** Rules over all main classes that a host gets, this module's and those of the ones below it. */
@AnalyzeClasses(packages = "dev.connectorsdk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  @ArchTag("H9")
  static final ArchRule nothingIsDeserializedByJava =
      noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

  @ArchTest
  @ArchTag("E11")
  static final ArchRule nobodyDecidesAboutCertificatesButTheJdk =
      noClasses()
          .should()
          .implement(HostnameVerifier.class)
          .orShould()
          .implement(TrustManager.class)
          .orShould()
          .beAssignableTo(TrustManager.class);

  @ArchTest
  static final ArchRule nothingStaticCanBeReplaced = fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule nothingStaticCollects =
      noFields()
          .that()
          .areStatic()
          .should()
          .haveRawType(JavaClass.Predicates.assignableTo(AbstractMap.class))
          .orShould()
          .haveRawType(JavaClass.Predicates.assignableTo(AbstractCollection.class))
          .orShould()
          .haveRawType(JavaClass.Predicates.assignableTo(Cache.class))
          .orShould()
          .haveRawType(JavaClass.Predicates.assignableTo(ExecutorService.class))
          .orShould()
          .haveRawType(JavaClass.Predicates.assignableTo(ThreadLocal.class))
          .orShould()
          .haveRawType(JavaClass.Predicates.resideInAPackage("java.util.concurrent.atomic"));

  @ArchTest
  static final ArchRule timeComesFromAClock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule onlyTheJdbcRoomKnowsDatabases =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.connectorsdk.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..");

  @ArchTest
  static final ArchRule nothingNeedsTheExamples =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.connectorsdk.examples..");

  @ArchTest
  static final ArchRule theApiNeedsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.connectorsdk.api..")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("dev.connectorsdk..")
                  .and(JavaClass.Predicates.resideOutsideOfPackage("dev.connectorsdk.api..")));

  @ArchTest
  static final ArchRule theAuthModuleNeedsOnlyTheApi =
      noClasses()
          .that()
          .resideInAPackage("dev.connectorsdk.auth..")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("dev.connectorsdk..")
                  .and(
                      JavaClass.Predicates.resideOutsideOfPackages(
                          "dev.connectorsdk.api..", "dev.connectorsdk.auth..")));

  @ArchTest
  static final ArchRule theSchemaRoomNeedsOnlyTheApi =
      needsOnlyTheApi("dev.connectorsdk.internal.schema");

  @ArchTest
  static final ArchRule thePluginRoomNeedsOnlyTheApi = needsOnlyTheApi("dev.connectorsdk.plugin");

  @ArchTest
  static final ArchRule onlyTheSchemaRoomKnowsTheSchemaLibraries =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.connectorsdk.internal.schema")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.networknt..", "com.github.victools..", "com.fasterxml.classmate..");

  @ArchTest
  static final ArchRule exceptionsOfThisLibraryAreOfOneFamily =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .and()
          .arePublic()
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .resideInAPackage("dev.connectorsdk.api.error");

  private static ArchRule needsOnlyTheApi(String room) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.connectorsdk..")
                .and(JavaClass.Predicates.resideOutsideOfPackages("dev.connectorsdk.api..", room)));
  }
}
