package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.testkit.ContractFinding.Verdict;
import dev.connectorsdk.testkit.Notes.Changes;
import dev.connectorsdk.testkit.Notes.Found;
import dev.connectorsdk.testkit.Notes.Hook;
import dev.connectorsdk.testkit.Notes.NewHook;
import dev.connectorsdk.testkit.Notes.Note;
import dev.connectorsdk.testkit.Notes.Page;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConnectorContractTest {

  @TestFactory
  Stream<DynamicTest> aConnectorWithEverythingKeepsIt() {
    return ConnectorContract.of(new Notes().connector()).tests();
  }

  /** Something that an author may do badly, and the rule that finds it. */
  record Defect(String what, ContractRule rule, Consumer<Notes> how) {

    @Override
    public String toString() {
      return rule + ": " + what;
    }
  }

  static Stream<Defect> defects() {
    return Stream.of(
        new Defect("no description", ContractRule.LINT, notes -> notes.description = ""),
        new Defect(
            "an action that always fails",
            ContractRule.SAMPLES,
            notes ->
                notes.get =
                    (note, call) -> {
                      throw new IllegalStateException("Not written yet");
                    }),
        new Defect(
            "an add that says it reads",
            ContractRule.EFFECT,
            notes -> notes.effectOfAdd = Effect.READ),
        new Defect(
            "a put that is another each time",
            ContractRule.EFFECT,
            notes ->
                notes.put =
                    (note, call) ->
                        call.http()
                            .put("/notes/{id}", UUID.randomUUID().toString())
                            .json(note)
                            .fetch(Note.class)),
        new Defect("an add that is repeated", ContractRule.WRITE_ONCE, notes -> addTwice(notes)),
        new Defect("a loop at 401", ContractRule.RENEWAL, notes -> insistAt(401, notes)),
        new Defect("a loop at 429", ContractRule.RETRY_AFTER, notes -> insistAt(429, notes)),
        new Defect(
            "a secret in the log",
            ContractRule.SECRETS,
            notes ->
                notes.subscribe =
                    (nothing, callback, call) -> {
                      NewHook hook = new NewHook(callback.url(), callback.secret().reveal());
                      LoggerFactory.getLogger(Notes.class).debug("Registering {}", hook);
                      Hook made = call.http().post("/hooks").json(hook).fetch(Hook.class);
                      return Registration.of(made.id());
                    }),
        new Defect(
            "a secret in the log, encoded",
            ContractRule.SECRETS,
            notes ->
                notes.subscribe =
                    (nothing, callback, call) -> {
                      byte[] secret = callback.secret().reveal().getBytes(UTF_8);
                      LoggerFactory.getLogger(Notes.class)
                          .debug("Registering {}", Base64.getEncoder().encodeToString(secret));
                      return Notes.register(nothing, callback, call);
                    }),
        new Defect(
            "a secret in a URL",
            ContractRule.SECRETS,
            notes ->
                notes.subscribe =
                    (nothing, callback, call) ->
                        Registration.of(
                            call.http()
                                .post("/hooks")
                                .query("secret", callback.secret().reveal())
                                .query("url", callback.url().toString())
                                .fetch(Hook.class)
                                .id())),
        new Defect("pages without end", ContractRule.PAGING, ConnectorContractTest::readForEver),
        new Defect(
            "an interrupt that is swallowed",
            ContractRule.CANCELLATION,
            ConnectorContractTest::swallowInterrupts),
        new Defect(
            "an empty list for a large one",
            ContractRule.LARGE_ANSWER,
            notes ->
                notes.list =
                    (nothing, call) -> {
                      try {
                        return call.http().get("/notes").fetch(Found.class);
                      } catch (ResponseException e) {
                        if (String.valueOf(e.getMessage()).contains("larger")) {
                          return new Found(List.of());
                        }
                        throw e;
                      }
                    }),
        new Defect(
            "anything that was sent for a note",
            ContractRule.BROKEN_ANSWER,
            notes ->
                notes.get =
                    (note, call) -> {
                      HttpResponse answer = call.http().get("/notes/{id}", note.id()).send();
                      return new Note(note.id(), answer.text());
                    }),
        new Defect(
            "JSON that is read by hand",
            ContractRule.BROKEN_ANSWER,
            notes ->
                notes.get =
                    (note, call) -> {
                      HttpResponse answer = call.http().get("/notes/{id}", note.id()).send();
                      JsonNode read = JsonMapper.shared().readTree(answer.text());
                      return new Note(note.id(), read.path("text").asString("none"));
                    }),
        new Defect(
            "a trigger that remembers by itself",
            ContractRule.POLLING,
            ConnectorContractTest::rememberOutsideOfTheCursor),
        new Defect(
            "events with ids by chance",
            ContractRule.POLLING,
            notes ->
                notes.poll =
                    (poll, call) -> {
                      Changes changes = call.http().get("/changes").fetch(Changes.class);
                      return Batch.of(
                          changes.notes().stream()
                              .map(note -> new Event<>(UUID.randomUUID().toString(), note))
                              .toList(),
                          changes.position());
                    }),
        new Defect(
            "a failed poll that looks like an empty one",
            ContractRule.POLLING,
            notes ->
                notes.poll =
                    (poll, call) -> {
                      try {
                        return Notes.changes(poll, call);
                      } catch (ServiceException e) {
                        if (e.status() != 500) {
                          throw e;
                        }
                        return Batch.of(List.of(), "later");
                      }
                    }),
        new Defect(
            "a verifier that takes everything",
            ContractRule.WEBHOOK,
            notes ->
                notes.signature =
                    Signature.inCode(arrival -> {}).id("{header:Webhook-Id}").build()),
        new Defect(
            "deliveries with ids by chance",
            ContractRule.WEBHOOK,
            notes ->
                notes.receive =
                    delivery ->
                        Received.event(
                            new Event<>(UUID.randomUUID().toString(), delivery.as(Note.class)))));
  }

  private static void addTwice(Notes notes) {
    var once = notes.add;
    notes.add =
        (note, call) -> {
          try {
            return once.execute(note, call);
          } catch (TransportException e) {
            return once.execute(note, call);
          }
        };
  }

  private static void insistAt(int status, Notes notes) {
    notes.get =
        (note, call) -> {
          HttpResponse answer;
          int left = 20;
          do {
            answer = call.http().get("/notes/{id}", note.id()).accepting(status).send();
          } while (answer.status() == status && --left > 0);
          if (answer.status() == status) {
            throw new ResponseException("No note came");
          }
          return answer.as(Note.class);
        };
  }

  private static void readForEver(Notes notes) {
    notes.list =
        (nothing, call) -> {
          List<Note> all = new ArrayList<>();
          Page page = call.http().get("/notes").fetch(Page.class);
          all.addAll(page.notes());
          while (page.next() != null) {
            page = call.http().get("/notes").query("after", page.next()).fetch(Page.class);
            all.addAll(page.notes() == null ? List.of() : page.notes());
          }
          return new Found(all);
        };
  }

  private static void swallowInterrupts(Notes notes) {
    var once = notes.get;
    notes.get =
        (note, call) -> {
          try {
            return once.execute(note, call);
          } catch (CallCancelledException e) {
            return new Note(note.id(), "");
          }
        };
  }

  private static void rememberOutsideOfTheCursor(Notes notes) {
    Set<String> seen = new HashSet<>();
    notes.poll =
        (poll, call) -> {
          Changes changes = call.http().get("/changes").fetch(Changes.class);
          return Batch.of(
              changes.notes().stream()
                  .filter(note -> poll.cursor() == null || seen.add(note.id()))
                  .map(note -> new Event<>(note.id(), note))
                  .toList(),
              changes.position());
        };
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aDefectIsFoundByItsRuleAndByNoOther(Defect defect) {
    Notes notes = new Notes();
    defect.how().accept(notes);

    List<ContractFinding> findings = ConnectorContract.of(notes.connector()).check();

    assertThat(broken(findings)).as("%s", findings).containsExactly(defect.rule());
  }

  private static Connector readOnly() {
    return state().build();
  }

  private static Connector.Builder state() {
    return Connector.builder("state", "https://api.state.example")
        .titled("State")
        .described("How things are.")
        .version("1")
        .auth(AuthOption.apiKeyHeader("X-Key"))
        .action(
            Action.builder("getState", Effect.READ, Nothing.class, Note.class)
                .titled("Get the state")
                .described("Returns how things are.")
                .run((nothing, call) -> call.http().get("/state").fetch(Note.class)))
        .test(call -> Account.of(call.http().get("/me").fetch(Note.class).id()));
  }

  @Test
  void aRuleAboutWhatTheConnectorHasNotDoesNotApply() {
    List<ContractFinding> findings =
        ConnectorContract.of(readOnly())
            .doesNotApply(ContractRule.POLLING, "nothing ever happens")
            .check();

    assertThat(findings)
        .filteredOn(finding -> finding.verdict() == Verdict.DOES_NOT_APPLY)
        .extracting(ContractFinding::toString)
        .containsExactly(
            "does not apply: A write whose answer was lost is not sent again, because nothing is"
                + " written that must not be written twice.",
            "does not apply: Reading pages ends, whatever the service answers, because no operation"
                + " asks for a second page.",
            "does not apply: A poll loses no event, and finds it again under the same id only,"
                + " because nothing ever happens.",
            "does not apply: A delivery is taken if it is right, and once; forged and late ones are"
                + " refused, because no trigger is called by the service.");
    assertThat(broken(findings)).isEmpty();
  }

  @Test
  void whatTheConnectorDeclaresCannotBeSaidNotToApply() {
    List<ContractFinding> findings =
        ConnectorContract.of(new Notes().connector())
            .doesNotApply(ContractRule.POLLING, "nothing ever happens")
            .check();

    assertThat(broken(findings)).containsExactly(ContractRule.POLLING);
  }

  @Test
  void asksForAnInputThatCannotBeGuessed() {
    Notes notes = new Notes();
    notes.get =
        (note, call) -> {
          if (!note.id().startsWith("n-")) {
            throw new InvalidInputException("getNote", "/id", "has to begin with n-");
          }
          return call.http().get("/notes/{id}", note.id()).fetch(Note.class);
        };

    assertThat(ConnectorContract.of(notes.connector()).check())
        .filteredOn(finding -> finding.verdict() == Verdict.BROKEN)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.text())
                    .startsWith("action 'getNote' fails with the sample {\"id\":\"sample\"}: ")
                    .endsWith("Give an input that it takes: sample(\"getNote\", ...)."));
    assertThat(
            broken(
                ConnectorContract.of(notes.connector())
                    .sample("getNote", new Notes.NoteId("n-1"))
                    .check()))
        .isEmpty();
  }

  @Test
  void asksForWhatTheServiceAnswersIfTheCodeReadsItByHand() {
    Notes notes = new Notes();
    notes.get =
        (note, call) -> {
          JsonNode read = call.http().get("/notes/{id}", note.id()).fetchJson().path("note");
          if (!read.isObject()) {
            throw new ResponseException("The answer has no note");
          }
          return new Note(note.id(), read.path("text").asString("none"));
        };

    assertThat(broken(ConnectorContract.of(notes.connector()).check()))
        .containsExactly(ContractRule.SAMPLES);
    assertThat(
            broken(
                ConnectorContract.of(notes.connector())
                    .answers("getNote", "{\"note\": {\"text\": \"Milk\"}}")
                    .check()))
        .isEmpty();
  }

  @Test
  void nothingIsSaidNotToApplyWhereNothingWorks() {
    Connector broken =
        Connector.builder("state", "https://api.state.example")
            .auth(AuthOption.apiKeyHeader("X-Key"))
            .action(
                Action.builder("getState", Effect.READ, Nothing.class, Note.class)
                    .run(
                        (nothing, call) -> {
                          throw new IllegalStateException("Not written yet");
                        }))
            .build();

    assertThat(ConnectorContract.of(broken).check())
        .filteredOn(finding -> finding.verdict() == Verdict.DOES_NOT_APPLY)
        .extracting(ContractFinding::rule)
        .containsExactly(ContractRule.POLLING, ContractRule.WEBHOOK);
  }

  @Test
  void whatIsLeftOutIsTold() {
    assertThat(
            ConnectorContract.of(new Notes().connector())
                .leavingOut("getNote", "nobody can play it")
                .check())
        .extracting(ContractFinding::text)
        .contains("Left out: action 'getNote', because nobody can play it.");
  }

  @Test
  void aTriggerThatIsLeftOutIsToldWhereItsRuleIs() {
    Connector notes = new Notes().connector();
    String polled =
        notes.triggers().stream()
            .filter(trigger -> trigger instanceof PollingTrigger<?, ?, ?>)
            .map(Trigger::id)
            .findFirst()
            .orElseThrow();

    List<ContractFinding> findings =
        ConnectorContract.of(notes).leavingOut(polled, "nobody can play it").check();

    assertThat(broken(findings)).isEmpty();
    assertThat(findings)
        .extracting(ContractFinding::text)
        .contains(
            "Left out: trigger '" + polled + "', because nobody can play it.",
            "no trigger polls in what was looked at; left out: " + polled);
  }

  @Test
  void aRuleDoesNotApplyToWhatWasLookedAtAlone() {
    Action<Nothing, Note> setState =
        Action.builder("setState", Effect.WRITE, Nothing.class, Note.class)
            .titled("Set the state")
            .described("Sets how things are.")
            .run((nothing, call) -> call.http().post("/state").fetch(Note.class));
    List<ContractFinding> findings =
        ConnectorContract.of(state().action(setState).build())
            .leavingOut("setState", "nobody can play it")
            .check();

    assertThat(findings)
        .filteredOn(finding -> finding.verdict() == Verdict.DOES_NOT_APPLY)
        .extracting(ContractFinding::text)
        .containsExactly(
            "nothing is written that must not be written twice in what was looked at; left out:"
                + " setState",
            "no operation asks for a second page in what was looked at; left out: setState",
            "no trigger polls",
            "no trigger is called by the service");
  }

  @Test
  void notEverythingCanBeLeftOut() {
    assertThat(
            broken(ConnectorContract.of(readOnly()).leavingOut("getState", "it is dull").check()))
        .containsExactly(ContractRule.SAMPLES);
  }

  @Test
  void samplesAreForOperationsThatThereAre() {
    assertThat(broken(ConnectorContract.of(readOnly()).sample("getSate", "x").check()))
        .containsExactly(ContractRule.SAMPLES);
  }

  private static Set<ContractRule> broken(List<ContractFinding> findings) {
    return findings.stream()
        .filter(finding -> finding.verdict() == Verdict.BROKEN)
        .map(ContractFinding::rule)
        .collect(Collectors.toSet());
  }
}
