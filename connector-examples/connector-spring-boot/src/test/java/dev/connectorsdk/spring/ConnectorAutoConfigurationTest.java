package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.store.InMemoryStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** When there is a runtime, and what it does to an application's database. */
class ConnectorAutoConfigurationTest {

  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  ConnectorAutoConfiguration.class,
                  DataSourceAutoConfiguration.class,
                  DataSourceTransactionManagerAutoConfiguration.class,
                  FlywayAutoConfiguration.class))
          .withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());

  private final ApplicationContextRunner app =
      bare.withPropertyValues(
          "connectors.keys.current=k1", "connectors.keys.values.k1=" + Application.KEY);

  @Test
  void withoutKeysItSaysWhatToSet() {
    bare.run(
        context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("connectors.keys.file"));
  }

  @Test
  void aFileOfKeysThatIsNotThereIsMadeOnlyIfThatIsSaid(@TempDir Path folder) {
    ApplicationContextRunner keys =
        bare.withPropertyValues("connectors.keys.file=" + folder.resolve("keys"));

    keys.run(
        context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("connectors.keys.file")
                .hasMessageContaining("connectors.keys.create"));
    keys.withPropertyValues("connectors.keys.create=true")
        .run(context -> assertThat(context).hasSingleBean(ConnectorRuntime.class));
    keys.run(context -> assertThat(context).hasSingleBean(ConnectorRuntime.class));
  }

  @Test
  void propertiesShowNoSecrets() {
    app.withPropertyValues(
            "connectors.clients[0].connector=tasks",
            "connectors.clients[0].id=app",
            "connectors.clients[0].secret=app-secret")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("tasks")
                    .hasMessageNotContaining("app-secret"));
    app.run(
        context ->
            assertThat(context.getBean(ConnectorProperties.class).toString())
                .contains("k1=***")
                .doesNotContain(Application.KEY));
  }

  @Test
  void theTablesComeAfterTheApplicationsOwnMigrations() {
    app.run(
        context -> {
          assertThat(context).hasSingleBean(ConnectorRuntime.class).hasSingleBean(Flyway.class);
          assertThat(tables(context.getBean(DataSource.class), "public")).isNotEmpty();
          assertThat(context.getBean(Flyway.class).validateWithResult().validationSuccessful)
              .isTrue();
        });
  }

  @Test
  void theTablesMayBeInASchemaThatNobodyElseManages() {
    app.withPropertyValues("connectors.store.schema=connectors")
        .run(
            context -> {
              DataSource source = context.getBean(DataSource.class);
              assertThat(tables(source, "connectors")).isNotEmpty();
              assertThat(tables(source, "public")).isEmpty();
            });
  }

  @Test
  void whereTheApplicationMakesTheTablesTheyAreOnlyChecked() {
    app.withPropertyValues("connectors.store.mode=check")
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("do not exist"));
  }

  @Test
  void anApplicationNeedsNeitherActuatorNorServletsNorMicrometer() {
    app.withClassLoader(
            new FilteredClassLoader(
                HealthIndicator.class,
                MeterRegistry.class,
                ObservationRegistry.class,
                WebMvcConfigurer.class,
                jakarta.servlet.Filter.class))
        .run(context -> assertThat(context).hasSingleBean(ConnectorRuntime.class));
  }

  @Test
  void aHandlerInATransactionNeedsOneManagerOfTransactions() {
    app.withUserConfiguration(TwoManagers.class)
        .withBean(HandlerRegistration.class, () -> handler())
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("Handler 'announce'")
                    .hasMessageContaining("@Primary"));
  }

  @Test
  void aHandlerInATransactionNeedsTheStoreOfTheDataSource() {
    app.withBean(ConnectorStore.class, () -> new InMemoryStore(Clock.systemUTC()))
        .withBean(HandlerRegistration.class, () -> handler())
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("Handler 'announce'")
                    .hasMessageContaining("HandlerRegistration.of"));
  }

  private static HandlerRegistration<String> handler() {
    return HandlerRegistration.inTransaction("announce", String.class, (text, event) -> {});
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoManagers {

    @Bean
    PlatformTransactionManager one(DataSource source) {
      return new JdbcTransactionManager(source);
    }

    @Bean
    PlatformTransactionManager two(DataSource source) {
      return new JdbcTransactionManager(source);
    }
  }

  @Test
  void itsHealthIsDownWhileTheStoreCannotBeRead() {
    app.run(
        context -> {
          StoreHealth health = context.getBean(StoreHealth.class);
          assertThat(health.health().getStatus().getCode()).isEqualTo("UP");

          new JdbcTemplate(context.getBean(DataSource.class)).execute("SHUTDOWN");

          assertThat(health.health().getStatus().getCode()).isEqualTo("DOWN");
        });
  }

  private static java.util.List<String> tables(DataSource source, String schema) {
    return new JdbcTemplate(source)
        .queryForList(
            "SELECT table_name FROM information_schema.tables"
                + " WHERE LOWER(table_schema) = ? AND LOWER(table_name) LIKE 'connector!_%' ESCAPE '!'",
            String.class, schema);
  }
}
