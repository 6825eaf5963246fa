package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.HostTransactions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** What a caller binds and subscribes, and that an event was handled, is one with his own rows. */
abstract class TransactionContract {

  private static final ConnectionReference INBOX = ConnectionReference.embedded("inbox", "notes");
  private static final ConnectionReference OUTBOX = ConnectionReference.embedded("outbox", "notes");
  private static final Principal ADA = Principal.user("ada");
  private static final Flow FLOW = Flow.of("triage", ADA);
  private static final Caller CALLER = ADA.in("prod").running(FLOW);

  private static final PollingTrigger<Nothing, String, String> NOTED =
      PollingTrigger.builder("noted", Nothing.class, String.class, String.class)
          .poll(TransactionContract::noted);

  private ConfigurableApplicationContext app;
  private ConnectorRuntime runtime;
  private JdbcClient db;
  private TransactionTemplate transaction;
  private Connection connection;

  /** Returns the settings of a database without tables. */
  abstract List<String> database() throws Exception;

  private static Batch<String, String> noted(Poll<Nothing, String> poll, ActionContext call) {
    return Batch.of(List.of(new Event<>("n1", "Milk")), "end");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Host {

    @Bean
    Connector notes() {
      return Connector.builder("notes", "https://notes.example")
          .auth(AuthOption.apiKeyHeader("X-Api-Key"))
          .trigger(NOTED)
          .build();
    }

    @Bean
    FlowDirectory flows() {
      return FlowDirectory.of(FLOW);
    }

    @Bean
    Heard heard() {
      return new Heard();
    }

    @Bean
    RuntimeCustomizer handlers(JdbcStore store, HostTransactions transactions, JdbcClient db) {
      AtomicInteger attempts = new AtomicInteger();
      return builder ->
          builder.handler(
              "note",
              String.class,
              store.inTransaction(
                  transactions,
                  (text, event, connection) -> {
                    db.sql("INSERT INTO work VALUES (?)").param(text).update();
                    if (attempts.incrementAndGet() == 1) {
                      throw new IllegalStateException("The first attempt fails");
                    }
                  }));
    }
  }

  /** What listeners hear of rights. */
  static final class Heard implements ConnectorListener {

    private final List<RightsChanged> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(ConnectorEvent event) {
      if (event instanceof RightsChanged rights) {
        events.add(rights);
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    List<String> arguments = new java.util.ArrayList<>(database());
    arguments.add("--spring.flyway.enabled=false");
    arguments.add("--connectors.keys.current=k1");
    arguments.add("--connectors.keys.values.k1=" + Application.KEY);
    app =
        new SpringApplicationBuilder(Host.class)
            .web(WebApplicationType.NONE)
            .properties("spring.main.banner-mode=off")
            .run(arguments.toArray(String[]::new));
    runtime = app.getBean(ConnectorRuntime.class);
    db = app.getBean(JdbcClient.class);
    transaction = app.getBean(TransactionTemplate.class);
    db.sql("CREATE TABLE work (name VARCHAR(100))").update();
    connection =
        runtime
            .connections()
            .create(
                CALLER,
                ConnectionSpec.of("notes", "apiKey").secret("api_key", Secret.of("k")).untested());
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aRollBackLeavesNothing() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      begin();
                      throw new IllegalStateException("The host fails");
                    }))
        .withMessage("The host fails");

    assertThat(runtime.references().binding(CALLER, INBOX)).isEmpty();
    assertThat(runtime.triggers().list(CALLER)).isEmpty();
    assertThat(work()).isEmpty();
    assertThat(app.getBean(Heard.class).events).isEmpty();
  }

  @Test
  void aCommitBringsAllOfItAndEachEventHasItsEffectOnce() {
    transaction.executeWithoutResult(
        status -> {
          begin();
          assertThat(app.getBean(Heard.class).events).isEmpty();
        });

    assertThat(runtime.references().binding(CALLER, INBOX)).contains(connection.id());
    assertThat(runtime.triggers().list(CALLER)).hasSize(1);
    assertThat(app.getBean(Heard.class).events).hasSize(1);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(work()).containsExactly("begun", "Milk"));
  }

  @Test
  void aTransactionOfAnObjectRelationalMapperIsJoinedToo() {
    var mapped = new TransactionTemplate(new OrmTransactions(app.getBean(DataSource.class)));

    mapped.executeWithoutResult(
        status -> {
          begin();
          status.setRollbackOnly();
        });

    assertThat(runtime.references().binding(CALLER, INBOX)).isEmpty();
    assertThat(runtime.triggers().list(CALLER)).isEmpty();
    assertThat(work()).isEmpty();
    assertThat(bound()).isEmpty();
    mapped.executeWithoutResult(status -> begin());
    assertThat(runtime.references().binding(CALLER, INBOX)).contains(connection.id());
    assertThat(runtime.triggers().list(CALLER)).hasSize(1);
    assertThat(bound()).containsExactly("inbox");
  }

  @Test
  void nobodyHearsOfWhatIsRolledBackToASavepoint() {
    transaction.executeWithoutResult(
        status -> {
          runtime.references().bind(CALLER, INBOX, connection.id());
          nested()
              .executeWithoutResult(
                  inner -> {
                    runtime.references().bind(CALLER, OUTBOX, connection.id());
                    inner.setRollbackOnly();
                  });
        });

    assertThat(runtime.references().binding(CALLER, INBOX)).contains(connection.id());
    assertThat(runtime.references().binding(CALLER, OUTBOX)).isEmpty();
    assertThat(bound()).containsExactly("inbox");
  }

  @Test
  void whatIsNestedIsHeardOfAfterTheCommitOfTheWhole() {
    transaction.executeWithoutResult(
        status -> {
          nested()
              .executeWithoutResult(
                  inner -> runtime.references().bind(CALLER, OUTBOX, connection.id()));
          assertThat(bound()).isEmpty();
        });

    assertThat(runtime.references().binding(CALLER, OUTBOX)).contains(connection.id());
    assertThat(bound()).containsExactly("outbox");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void whereNobodyKnowsWhetherItWasCommittedTheLogSaysSo(CapturedOutput log) {
    var broken =
        new OrmTransactions(app.getBean(DataSource.class)) {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doCommit(DefaultTransactionStatus status) {
            throw new TransactionSystemException("The connection is lost");
          }
        };

    assertThatExceptionOfType(TransactionSystemException.class)
        .isThrownBy(
            () ->
                new TransactionTemplate(broken)
                    .executeWithoutResult(
                        status -> runtime.references().bind(CALLER, INBOX, connection.id())));

    assertThat(bound()).isEmpty();
    assertThat(log).contains("Nobody knows whether a transaction was committed");
  }

  @Test
  void anUnbindingIsRolledBackToo() {
    runtime.references().bind(CALLER, INBOX, connection.id());

    transaction.executeWithoutResult(
        status -> {
          assertThat(runtime.references().unbind(CALLER, INBOX)).isTrue();
          status.setRollbackOnly();
        });

    assertThat(runtime.references().binding(CALLER, INBOX)).contains(connection.id());
  }

  @Test
  void aConnectionIsThereWhateverBecomesOfTheTransaction() {
    transaction.executeWithoutResult(
        status -> {
          runtime
              .connections()
              .create(
                  CALLER,
                  ConnectionSpec.of("notes", "apiKey")
                      .secret("api_key", Secret.of("k2"))
                      .untested());
          status.setRollbackOnly();
        });

    assertThat(runtime.connections().list(ADA.in("prod"))).hasSize(2);
  }

  private void begin() {
    db.sql("INSERT INTO work VALUES ('begun')").update();
    runtime.references().bind(CALLER, INBOX, connection.id());
    runtime
        .triggers()
        .subscribe(CALLER, SubscriptionSpec.of(INBOX, NOTED, Nothing.NOTHING, "note"));
  }

  private TransactionTemplate nested() {
    var nested = new TransactionTemplate(app.getBean(PlatformTransactionManager.class));
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return nested;
  }

  private List<String> bound() {
    return app.getBean(Heard.class).events.stream().map(RightsChanged::reference).toList();
  }

  private List<String> work() {
    return db.sql("SELECT name FROM work").query(String.class).list();
  }
}
