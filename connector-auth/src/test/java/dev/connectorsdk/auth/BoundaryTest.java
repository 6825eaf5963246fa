package dev.connectorsdk.auth;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.connectorsdk.auth", importOptions = DoNotIncludeTests.class)
class BoundaryTest {

  @ArchTest
  static final ArchRule fiveClassesKnowNimbus =
      noClasses()
          .that(not(simpleName("TokenMessage")))
          .and(not(simpleName("Jwts")))
          .and(not(simpleName("SigningKey")))
          .and(not(simpleName("ProofKey")))
          .and(not(simpleName("SignedToken")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.nimbusds..");

  @ArchTest
  static final ArchRule twoClassesArePublic =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .should()
          .haveSimpleName("AuthStrategies")
          .orShould()
          .haveSimpleName("WebhookSignatures");
}
