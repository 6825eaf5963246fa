package dev.connectorsdk.spring;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.Memberships;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.jdbc.HostTransactions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Gives an application a runtime over its data source. Each bean gives way to one of the
 * application's own.
 */
@AutoConfiguration(
    after = {
      DataSourceAutoConfiguration.class,
      DataSourceTransactionManagerAutoConfiguration.class
    })
@ConditionalOnSingleCandidate(DataSource.class)
@EnableConfigurationProperties(ConnectorProperties.class)
public final class ConnectorAutoConfiguration {

  /** The store, once the application's own migrations have run. */
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean(ConnectorStore.class)
  @DependsOnDatabaseInitialization
  JdbcStore connectorStore(DataSource source, ConnectorProperties properties) {
    DataSource target = SpringTransaction.target(source);
    JdbcStore.Builder builder =
        JdbcStore.builder(target)
            .joining(new SpringTransaction(target))
            .tablePrefix(properties.store().tablePrefix())
            .createSchema(properties.store().mode() == ConnectorProperties.Mode.CREATE);
    String schema = properties.store().schema();
    return (schema == null ? builder : builder.schema(schema)).build();
  }

  @Bean
  @ConditionalOnMissingBean
  SecretCipher connectorKeys(ConnectorProperties properties) {
    return new RuntimeSettings(properties).keys();
  }

  /** Transactions for handlers whose effect and acceptance are one thing. */
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
  HostTransactions connectorTransactions(PlatformTransactionManager manager, DataSource source) {
    TransactionTemplate template = new TransactionTemplate(manager);
    template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    DataSource target = SpringTransaction.target(source);
    return work ->
        template.executeWithoutResult(status -> work.run(DataSourceUtils.getConnection(target)));
  }

  /** Closed by {@link #connectorClosing}, or with its context if that has never started. */
  @Bean
  @ConditionalOnMissingBean
  ConnectorRuntime connectorRuntime(
      ConnectorStore store,
      SecretCipher cipher,
      ConnectorProperties properties,
      ObjectProvider<Connector> connectors,
      ObjectProvider<ConnectorProvider> providers,
      ObjectProvider<ConnectorListener> listeners,
      ObjectProvider<FlowDirectory> flows,
      ObjectProvider<Memberships> memberships,
      ObjectProvider<HandlerRegistration<?>> handlers,
      ObjectProvider<HostTransactions> transactions,
      ObjectProvider<RuntimeCustomizer> customizers) {
    RuntimeBuilder builder = ConnectorRuntime.builder().store(store, cipher);
    new RuntimeSettings(properties).apply(builder);
    connectors.orderedStream().forEach(builder::connector);
    providers.orderedStream().forEach(builder::provider);
    listeners.orderedStream().forEach(builder::listener);
    flows.ifAvailable(builder::flows);
    memberships.ifAvailable(builder::memberships);
    handlers
        .orderedStream()
        .forEach(handler -> handler.register(builder, store, transactions.getIfUnique()));
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  @Bean
  ConnectorLifecycle connectorDraining(ConnectorRuntime runtime, ObjectProvider<HookFilter> hooks) {
    return new ConnectorLifecycle(
        ConnectorLifecycle.DRAIN,
        () -> {
          hooks.ifAvailable(HookFilter::stop);
          runtime.drain();
        });
  }

  @Bean
  ConnectorLifecycle connectorClosing(ConnectorRuntime runtime) {
    return new ConnectorLifecycle(ConnectorLifecycle.CLOSE, runtime::close);
  }

  /** Who sends a request. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Filter.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class Callers {

    @Bean
    @ConditionalOnMissingBean
    CallerResolver connectorCallers(ConnectorProperties properties) {
      return request ->
          Optional.ofNullable(request.getUserPrincipal())
              .map(user -> Principal.user(user.getName()).in(properties.environment()));
    }
  }

  /** What controllers are given, and what they answer when a call fails. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(WebMvcConfigurer.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class Controllers {

    @Bean
    WebMvcConfigurer connectorCallerArguments(CallerResolver callers) {
      return new WebMvcConfigurer() {
        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
          resolvers.add(new CallerArgument(callers));
        }
      };
    }

    @Bean
    @ConditionalOnProperty(name = "connectors.web.problems", matchIfMissing = true)
    ConnectorProblems connectorProblems(
        ConnectorRuntime runtime, ConnectorProperties properties, ServletContext servlets) {
      var offers = new SignInOffers(runtime, properties.publicUrl() != null);
      return new ConnectorProblems(
          servlets.getContextPath() + properties.web().signIn(),
          offers::areMadeBySignIn,
          offers::areMendedBySignIn);
    }
  }

  /** Sign-ins and webhooks. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Filter.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnProperty("connectors.public-url")
  static class Web {

    @Bean
    HookFilter connectorHooks(ConnectorRuntime runtime) {
      return new HookFilter(runtime);
    }

    @Bean
    FilterRegistrationBean<HookFilter> connectorHooksFirst(
        HookFilter filter, ConnectorProperties properties) {
      var first = new FilterRegistrationBean<>(filter);
      first.addUrlPatterns(properties.web().hooks() + "/*");
      first.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return first;
    }

    @Bean
    ServletRegistrationBean<SignInServlet> connectorSignIns(
        ConnectorRuntime runtime, CallerResolver callers, ConnectorProperties properties) {
      var publicUrl =
          Objects.requireNonNull(new RuntimeSettings(properties).publicUrl(), "publicUrl");
      var servlet =
          new SignInServlet(runtime, callers, new BrowserSessions(), publicUrl, properties.web());
      return new ServletRegistrationBean<>(
          servlet, properties.web().signIn() + "/*", properties.web().callback() + "/*");
    }
  }

  /** Whether the store can be read. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
  static class StoreHealthConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("connectors")
    StoreHealth connectorsHealthIndicator(ConnectorStore store) {
      return new StoreHealth(store);
    }
  }

  /** Traces and metrics of what the runtime does. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ObservationRegistry.class)
  static class Observations {

    @Bean
    RuntimeCustomizer connectorObservations(ObjectProvider<ObservationRegistry> registries) {
      return builder ->
          registries.ifUnique(
              registry -> {
                if (!registry.isNoop()) {
                  builder.observations(registry);
                }
              });
    }
  }

  /** Metrics of what is no observation. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {

    @Bean
    RuntimeCustomizer connectorRenewals(ObjectProvider<MeterRegistry> registries) {
      return builder ->
          registries.ifUnique(registry -> builder.listener(new RenewalMetrics(registry)));
    }
  }
}
