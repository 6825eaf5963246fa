package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connector with everything, of which tests take parts away or do them badly. */
final class Notes {

  record NoteId(String id) {}

  record NewNote(String text) {}

  record Note(String id, String text) {}

  record Found(List<Note> notes) {}

  record Page(List<Note> notes, @Nullable String next) {}

  record Changes(List<Note> notes, String position) {}

  record NewHook(URI url, String secret) {}

  record Hook(String id) {}

  Action.Handler<NoteId, Note> get =
      (note, call) -> call.http().get("/notes/{id}", note.id()).fetch(Note.class);
  Action.Handler<Nothing, Found> list =
      (nothing, call) ->
          new Found(
              call.http()
                  .get("/notes")
                  .pages(Paging.nextLink("/next"), "/notes", Note.class)
                  .toList());
  Action.Handler<NewNote, Note> add =
      (note, call) -> call.http().post("/notes").json(note).fetch(Note.class);
  Action.Handler<Note, Note> put =
      (note, call) -> call.http().put("/notes/{id}", note.id()).json(note).fetch(Note.class);
  PollingTrigger.Handler<Nothing, String, Note> poll = Notes::changes;
  WebhookTrigger.SubscribeHandler<Nothing> subscribe = Notes::register;
  WebhookTrigger.ReceiveHandler<Note> receive = delivery -> Received.of(delivery.as(Note.class));
  Signature signature = Signatures.standardWebhooks();
  Effect effectOfAdd = Effect.WRITE;
  String description = "Notes of a team.";

  static Batch<String, Note> changes(Poll<Nothing, String> poll, ActionContext call) {
    Changes changes =
        call.http().get("/changes").query("after", poll.cursor()).fetch(Changes.class);
    return Batch.of(changes.notes(), Note::id, changes.position());
  }

  static Registration register(
      Nothing nothing, WebhookTrigger.Callback callback, ActionContext call) {
    NewHook hook = new NewHook(callback.url(), callback.secret().reveal());
    return Registration.of(call.http().post("/hooks").json(hook).fetch(Hook.class).id());
  }

  private static <B extends Action.Builder<?, ?, ?>> B described(B builder, String what) {
    builder.titled(what).described(what + ".");
    return builder;
  }

  Trigger<Nothing, Note> polled() {
    return PollingTrigger.builder("noteAdded", Nothing.class, String.class, Note.class)
        .titled("When a note is added")
        .described("Finds notes that were added.")
        .poll(poll);
  }

  Connector connector() {
    return Connector.builder("notes", "{site}/api")
        .titled("Notes")
        .described(description)
        .version("1.0")
        .parameter(ConnectionParameter.text("site").titled("Site").described("Its address."))
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials("{site}/token")))
        .action(
            described(
                    Action.builder("getNote", Effect.READ, NoteId.class, Note.class), "Get a note")
                .run(get))
        .action(
            described(
                    Action.builder("listNotes", Effect.READ, Nothing.class, Found.class),
                    "List notes")
                .run(list))
        .action(
            described(Action.builder("addNote", effectOfAdd, NewNote.class, Note.class), "Add")
                .run(add))
        .action(
            described(
                    Action.builder("putNote", Effect.IDEMPOTENT_WRITE, Note.class, Note.class),
                    "Put a note")
                .run(put))
        .trigger(polled())
        .trigger(
            WebhookTrigger.builder("noteChanged", Nothing.class, Note.class)
                .titled("When a note is changed")
                .described("Is called when a note is changed.")
                .signature(signature)
                .subscribe(subscribe)
                .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send())
                .receive(receive))
        .test(call -> Account.of(call.http().get("/me").fetch(Note.class).id()))
        .build();
  }
}
