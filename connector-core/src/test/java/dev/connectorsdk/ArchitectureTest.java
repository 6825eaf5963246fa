package dev.connectorsdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.connectorsdk.api.Secret;
import java.io.ObjectInputStream;
import java.time.Instant;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.TrustManager;

/** Rules over all main classes that a host gets, this module's and those of the ones below it. */
@AnalyzeClasses(packages = "dev.connectorsdk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "dev.connectorsdk";

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
  @ArchTag("C9")
  static final ArchRule hostsAreNotGivenBackWhatTheyEntered =
      noMethods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(
              Stream.of(
                      "runtime",
                      "connection",
                      "consent",
                      "reference",
                      "invocation",
                      "http",
                      "definition",
                      "plugin")
                  .map(name -> ROOT + "." + name)
                  .toArray(String[]::new))
          .should()
          .haveRawReturnType(Secret.class);

  @ArchTest
  @ArchTag("C9")
  static final ArchRule aCredentialIsNeverPlainText =
      noMethods()
          .that()
          .arePublic()
          .and()
          .haveNameMatching(
              "(?i)(access_?token|refresh_?token|client_?secret|password|api_?key|private_?key"
                  + "|secret_?key|code_?verifier|device_?code)")
          .should()
          .haveRawReturnType(String.class)
          .orShould()
          .haveRawReturnType(char[].class)
          .orShould()
          .haveRawReturnType(byte[].class);

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
  static final ArchRule onlyTheJdbcPackageKnowsDatabases =
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
  static final ArchRule noPackagesOfThisModuleFormACycle =
      SlicesRuleDefinition.slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                  String name = type.getPackageName();
                  return name.startsWith(ROOT + ".api") || name.startsWith(ROOT + ".auth")
                      ? SliceIdentifier.ignore()
                      : SliceIdentifier.of(name);
                }

                @Override
                public String getDescription() {
                  return "packages of connector-core";
                }
              })
          .should()
          .beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesOfThisModuleUseOnlyWhatIsBelowThem =
      CompositeArchRule.of(
          List.of(
              mayUse("http"),
              mayUse("governance"),
              mayUse(
                  "internal.governance",
                  "governance",
                  "internal.audit",
                  "internal.cache",
                  "internal.connection",
                  "internal.event",
                  "internal.http",
                  "internal.observation",
                  "internal.sharing"),
              mayUse("connection", "internal.gateway.seal"),
              mayUse("consent", "connection"),
              mayUse("reference"),
              mayUse("invocation"),
              mayUse("plugin", "internal.schema"),
              mayUse("secret", "internal.file"),
              mayUse("store"),
              mayUse("jdbc", "trigger", "internal.trigger"),
              mayUse("internal.schema"),
              mayUse("internal.event", "internal.audit"),
              mayUse("internal.cache"),
              mayUse("internal.sharing", "internal.cache", "internal.event"),
              mayUse("audit"),
              mayUse("internal.audit", "audit"),
              mayUse("internal.observation"),
              mayUse("internal.file"),
              mayUse(
                  "internal.http",
                  "http",
                  "internal.event",
                  "internal.file",
                  "internal.observation"),
              mayUse(
                  "gateway",
                  "http",
                  "internal.audit",
                  "internal.event",
                  "internal.gateway.agent",
                  "internal.gateway.line",
                  "internal.gateway.seal",
                  "internal.http",
                  "internal.observation"),
              mayUse(
                  "internal.gateway",
                  "gateway",
                  "internal.audit",
                  "internal.cache",
                  "internal.connection",
                  "internal.event",
                  "internal.gateway.line",
                  "internal.gateway.relay",
                  "internal.gateway.seal",
                  "internal.http",
                  "internal.sharing"),
              mayUse(
                  "internal.gateway.seal",
                  "auth",
                  "internal.cache",
                  "internal.file",
                  "internal.http"),
              mayUse(
                  "internal.connection",
                  "auth",
                  "connection",
                  "http",
                  "invocation",
                  "internal.gateway.seal",
                  "internal.cache",
                  "internal.audit",
                  "internal.event",
                  "internal.http",
                  "internal.observation",
                  "internal.sharing"),
              mayUse(
                  "internal.reference",
                  "audit",
                  "connection",
                  "http",
                  "reference",
                  "internal.cache",
                  "internal.audit",
                  "internal.connection",
                  "internal.event",
                  "internal.http",
                  "internal.observation",
                  "internal.sharing"),
              mayUse(
                  "internal.registration",
                  "definition",
                  "internal.cache",
                  "internal.connection",
                  "internal.event"),
              mayUse(
                  "internal.consent",
                  "connection",
                  "consent",
                  "internal.connection",
                  "internal.event"),
              mayUse(
                  "internal.invocation",
                  "http",
                  "invocation",
                  "internal.audit",
                  "internal.cache",
                  "internal.connection",
                  "internal.event",
                  "internal.http",
                  "internal.observation",
                  "internal.reference",
                  "internal.schema")));

  @ArchTest
  static final ArchRule onlyThePackageOfObservationsAndTheBuilderKnowMicrometer =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.connectorsdk.internal.observation")
          .and()
          .doNotHaveSimpleName("RuntimeBuilder")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule onlyTheSchemaPackageKnowsTheSchemaLibraries =
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
          .and()
          .resideOutsideOfPackage("dev.connectorsdk.internal..")
          .should()
          .resideInAPackage("dev.connectorsdk.api.error");

  private static ArchRule mayUse(String name, String... others) {
    String own = ROOT + "." + name;
    String[] used =
        Stream.concat(
                Stream.of(ROOT + ".api..", own), Arrays.stream(others).map(o -> ROOT + "." + o))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(ROOT + "..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(used)));
  }
}
