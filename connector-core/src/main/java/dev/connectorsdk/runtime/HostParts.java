package dev.connectorsdk.runtime;

import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.internal.audit.StoredAudit;
import dev.connectorsdk.internal.connection.ConnectionModule;
import dev.connectorsdk.internal.connection.CredentialBox;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.consent.DefaultConsents;
import dev.connectorsdk.internal.consent.RedirectUris;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.invocation.DefaultForms;
import dev.connectorsdk.internal.invocation.Invoker;
import dev.connectorsdk.internal.reference.DefaultReferences;
import dev.connectorsdk.internal.reference.Impact;
import dev.connectorsdk.internal.reference.PrivilegedAccounts;
import dev.connectorsdk.internal.reference.Reaches;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.reference.UsingFlows;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.internal.sharing.Grants;
import dev.connectorsdk.internal.sharing.Groups;
import dev.connectorsdk.internal.sharing.HostFlows;
import dev.connectorsdk.internal.trigger.TriggerModule;
import dev.connectorsdk.invocation.Forms;
import dev.connectorsdk.reference.References;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a host may ask a runtime for besides connections and calls. Each part is made when it is
 * first asked for: few hosts ask for all, and a start waits for none. Safe for several threads.
 */
final class HostParts {

  /** What the parts are made of. */
  record Made(
      ConnectorStore store,
      AuditStore auditStore,
      SecretCipher cipher,
      JsonMapper mapper,
      Schemas schemas,
      Registry registry,
      RuntimeServices services,
      EventHub events,
      ConnectionModule connections,
      CredentialBox box,
      RedirectUris redirectUris,
      Resolver resolver,
      Grants grants,
      Groups groups,
      HostFlows hostFlows,
      UsingFlows flows,
      PrivilegedAccounts accounts,
      Invoker invoker,
      TriggerModule.Settings triggers) {}

  private final Made of;
  private @Nullable References references; // This and the others are guarded by this.
  private @Nullable Consents consents;
  private @Nullable Forms forms;
  private @Nullable Audit audit;
  private @Nullable TriggerModule triggers;

  HostParts(Made of) {
    this.of = of;
  }

  synchronized References references() {
    References known = references;
    if (known == null) {
      known =
          new DefaultReferences(
              of.store,
              of.registry,
              of.connections.open(),
              of.resolver,
              of.grants,
              new Impact(of.flows, of.accounts),
              of.services,
              of.events);
      references = known;
    }
    return known;
  }

  synchronized Consents consents() {
    Consents known = consents;
    if (known == null) {
      known =
          new DefaultConsents(
              of.store.tickets(),
              of.registry,
              of.connections,
              of.box,
              of.events,
              of.redirectUris,
              of.services);
      consents = known;
    }
    return known;
  }

  synchronized Forms forms() {
    Forms known = forms;
    if (known == null) {
      known = new DefaultForms(of.registry, of.resolver, of.invoker, of.schemas, of.services);
      forms = known;
    }
    return known;
  }

  synchronized Audit audit() {
    Audit known = audit;
    if (known == null) {
      var reaches = new Reaches(of.store, of.resolver, of.grants, of.groups, of.hostFlows);
      known =
          new StoredAudit(of.auditStore, of.services.auditor(), of.services.clock(), reaches::of);
      audit = known;
    }
    return known;
  }

  synchronized TriggerModule triggers() {
    TriggerModule known = triggers;
    if (known == null) {
      var shared =
          new TriggerModule.Shared(
              of.registry,
              of.resolver,
              of.connections.open(),
              of.connections.deletions(),
              of.schemas,
              of.mapper,
              of.events,
              of.services,
              of.store::whenCommitted);
      known = new TriggerModule(of.store.triggers(), of.cipher, shared, of.triggers);
      triggers = known;
    }
    return known;
  }

  /** Returns what runs triggers, or {@code null} if nobody has asked for it. */
  synchronized @Nullable TriggerModule triggersAskedFor() {
    return triggers;
  }
}
