package dev.connectorsdk.runtime;

import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.internal.audit.StoredAudit;
import dev.connectorsdk.internal.cache.MadeOnce;
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
  private final MadeOnce<References> references = new MadeOnce<>(this::newReferences);
  private final MadeOnce<Consents> consents = new MadeOnce<>(this::newConsents);
  private final MadeOnce<Forms> forms = new MadeOnce<>(this::newForms);
  private final MadeOnce<Audit> audit = new MadeOnce<>(this::newAudit);
  private final MadeOnce<TriggerModule> triggers = new MadeOnce<>(this::newTriggers);

  HostParts(Made of) {
    this.of = of;
  }

  References references() {
    return references.get();
  }

  private References newReferences() {
    return new DefaultReferences(
        of.store,
        of.registry,
        of.connections.open(),
        of.resolver,
        of.grants,
        new Impact(of.flows, of.accounts),
        of.services,
        of.events);
  }

  Consents consents() {
    return consents.get();
  }

  private Consents newConsents() {
    return new DefaultConsents(
        of.store.tickets(),
        of.registry,
        of.connections,
        of.box,
        of.events,
        of.redirectUris,
        of.services);
  }

  Forms forms() {
    return forms.get();
  }

  private Forms newForms() {
    return new DefaultForms(of.registry, of.resolver, of.invoker, of.schemas, of.services);
  }

  Audit audit() {
    return audit.get();
  }

  private Audit newAudit() {
    var reaches = new Reaches(of.store, of.resolver, of.grants, of.groups, of.hostFlows);
    return new StoredAudit(of.auditStore, of.services.auditor(), of.services.clock(), reaches::of);
  }

  TriggerModule triggers() {
    return triggers.get();
  }

  private TriggerModule newTriggers() {
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
    return new TriggerModule(of.store.triggers(), of.cipher, shared, of.triggers);
  }

  /** Returns what runs triggers, or {@code null} if nobody has asked for it. */
  @Nullable TriggerModule triggersAskedFor() {
    return triggers.ifMade();
  }
}
