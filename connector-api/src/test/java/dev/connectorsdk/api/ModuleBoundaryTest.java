package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pins what the API module shows and needs, so that a change of either is a decision. */
class ModuleBoundaryTest {

  private static final Path CLASSES = Path.of("target/classes");

  private final ModuleDescriptor api =
      ModuleFinder.of(CLASSES).find("dev.connectorsdk.api").orElseThrow().descriptor();

  @Test
  void needsNothingAtRunTimeButTheJdkAndJackson() {
    assertThat(api.requires())
        .filteredOn(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(ModuleDescriptor.Requires::name)
        .containsExactlyInAnyOrder("java.base", "tools.jackson.databind");
  }

  @Test
  void needsOnlyAnnotationsBesidesWhenItIsCompiled() {
    assertThat(api.requires())
        .filteredOn(r -> r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(ModuleDescriptor.Requires::name)
        .containsExactly("org.jspecify");
  }

  @Test
  void showsTheseEightPackagesToEverybody() {
    assertThat(api.exports())
        .filteredOn(export -> !export.isQualified())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrder(
            "dev.connectorsdk.api",
            "dev.connectorsdk.api.auth",
            "dev.connectorsdk.api.error",
            "dev.connectorsdk.api.event",
            "dev.connectorsdk.api.file",
            "dev.connectorsdk.api.http",
            "dev.connectorsdk.api.spi",
            "dev.connectorsdk.api.webhook");
    assertThat(api.packages()).hasSameSizeAs(api.exports());
    assertThat(api.opens()).isEmpty();
    assertThat(api.uses()).isEmpty();
    assertThat(api.provides()).isEmpty();
  }

  @Test
  void showsTheRulesOfUrlsAndTemplatesToTheRuntimeAlone() {
    assertThat(api.exports())
        .filteredOn(ModuleDescriptor.Exports::isQualified)
        .singleElement()
        .satisfies(
            export -> {
              assertThat(export.source()).isEqualTo("dev.connectorsdk.api.internal");
              assertThat(export.targets())
                  .containsExactlyInAnyOrder("dev.connectorsdk.auth", "dev.connectorsdk.core");
            });
  }

  @Test
  void theseTypesArePublicForEverybody() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES)) {
      List<String> publicTypes =
          files
              .map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
              .filter(file -> file.endsWith(".class") && !file.contains("-info"))
              .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
              .map(ModuleBoundaryTest::load)
              .filter(ModuleBoundaryTest::isPublic)
              .filter(type -> !type.getPackageName().equals("dev.connectorsdk.api.internal"))
              .map(type -> type.getCanonicalName().substring("dev.connectorsdk.api.".length()))
              .toList();
      assertThat(publicTypes)
          .containsExactlyInAnyOrderElementsOf(
              """
              Account
              Action
              Action.Builder
              Action.Handler
              Action.Procedure
              ActionContext
              Administrator
              AuthOption
              AuthOption.RefusingAnswer
              Caller
              Choices
              Choices.Choice
              Choices.Kind
              Connection
              ConnectionId
              ConnectionParameter
              ConnectionParameter.Type
              ConnectionQuery
              ConnectionQuery.Order
              ConnectionQuery.Place
              ConnectionReference
              ConnectionReference.Source
              ConnectionStatus
              ConnectionStatus.Reason
              ConnectionStatus.State
              ConnectionTest
              Connector
              Connector.Builder
              ConnectorId
              ConnectorOperation
              Effect
              Event
              Environment
              Flow
              Flow.Kind
              Flow.Start
              Form
              Form.Calls
              FormSchema
              Grant
              Grant.Right
              JsonMember
              ListCursor
              ListCursor.Reading
              ListTriggerBuilder
              ListTriggerBuilder.Items
              ListTriggerBuilder.Page
              ListTriggerBuilder.PageReader
              Nothing
              OverlappingCursor
              OverlappingCursor.Earlier
              OverlappingCursor.Reading
              PollingTrigger
              PollingTrigger.Batch
              PollingTrigger.Builder
              PollingTrigger.Handler
              PollingTrigger.LostCursor
              PollingTrigger.LostCursor.Resync
              PollingTrigger.LostCursor.ResyncSince
              PollingTrigger.LostCursor.Stop
              PollingTrigger.Poll
              PollingTrigger.Start
              PollingTrigger.Start.All
              PollingTrigger.Start.Last
              PollingTrigger.Start.Now
              PollingTrigger.Start.Since
              Principal
              Principal.Kind
              Secret
              Shape
              Sharing
              Titled
              Trigger
              WebhookTrigger
              WebhookTrigger.Application
              WebhookTrigger.Builder
              WebhookTrigger.Callback
              WebhookTrigger.ConnectedAccount
              WebhookTrigger.Delivery
              WebhookTrigger.EventFilter
              WebhookTrigger.FindHandler
              WebhookTrigger.KeyHandler
              WebhookTrigger.NamedAccounts
              WebhookTrigger.Notice
              WebhookTrigger.ReceiveHandler
              WebhookTrigger.Received
              WebhookTrigger.Received.Control
              WebhookTrigger.Received.Events
              WebhookTrigger.Registration
              WebhookTrigger.RenewHandler
              WebhookTrigger.SubscribeHandler
              WebhookTrigger.UnsubscribeHandler
              auth.ApiKeyScheme
              auth.ApiKeyScheme.Key
              auth.ApiKeyScheme.Placement
              auth.AuthContext
              auth.AuthRequest
              auth.AuthRequest.Reaction
              auth.AuthScheme
              auth.AuthStrategy
              auth.AuthStrategy.Renewal
              auth.AuthStrategy.Revocation
              auth.Authenticator
              auth.AwsSignatureScheme
              auth.AwsSignatureScheme.Payload
              auth.AzureSharedKeyScheme
              auth.AzureSharedKeyScheme.Variant
              auth.BasicScheme
              auth.BearerScheme
              auth.ClientCertificate
              auth.ClientCertificateScheme
              auth.ClientCertificateScheme.Format
              auth.ClientRegistration
              auth.ConsentStrategy
              auth.ConsentStrategy.ConsentCallback
              auth.ConsentStrategy.ConsentRequest
              auth.ConsentStrategy.ConsentResult
              auth.ConsentStrategy.ConsentStart
              auth.ConsentStrategy.DeviceAnswer
              auth.ConsentStrategy.DeviceRequest
              auth.ConsentStrategy.DeviceStart
              auth.CredentialVault
              auth.CredentialVault.Credentials
              auth.CredentialVault.Lease
              auth.Expiry
              auth.Expiry.Kind
              auth.Expiry.Way
              auth.JwtTemplate
              auth.NoneScheme
              auth.OAuth1Scheme
              auth.OAuth1Scheme.SignatureMethod
              auth.SignatureScheme
              auth.SignatureScheme.Algorithm
              auth.SignatureScheme.Encoding
              auth.SignatureScheme.KeyEncoding
              auth.SignatureScheme.Output
              auth.SignatureScheme.Output.Placement
              auth.SignatureScheme.Timestamps
              auth.OAuth2Scheme
              auth.OAuth2Scheme.ClientAuthentication
              auth.OAuth2Scheme.Grant
              auth.OAuth2Scheme.Renewal
              auth.RequestTemplate
              auth.RequestTemplate.Format
              auth.TokenFields
              auth.TokenFields.Success
              auth.TokenPlace
              auth.UserAssertionProvider
              error.ActionFailedException
              error.AuthenticationException
              error.AuthenticationException.Reason
              error.CallCancelledException
              error.ConflictException
              error.ConnectorException
              error.ConsentException
              error.ConsentException.Reason
              error.CursorLostException
              error.DefinitionException
              error.DeliveryRefusedException
              error.DeliveryRefusedException.Reason
              error.HostNotAllowedException
              error.InvalidInputException
              error.InvalidInputException.Fault
              error.MembershipException
              error.NotFoundException
              error.OperationUnsupportedException
              error.PermissionDeniedException
              error.PolicyException
              error.ResolutionException
              error.ResolutionException.Ambiguous
              error.ResolutionException.Broken
              error.ResolutionException.Candidate
              error.ResolutionException.ConnectionRequired
              error.ResolutionException.Deleted
              error.ResolutionException.Denied
              error.ResolutionException.Foreign
              error.ResolutionException.Unbound
              error.ResolutionException.Withdrawn
              error.ResponseException
              error.SecretUnreadableException
              error.ServiceException
              error.StoreException
              error.TransportException
              error.TransportException.Kind
              event.AuditRecord
              event.AuditRecord.Actor
              event.AuditRecord.Kind
              event.AuditRecord.Position
              event.AuditRecord.Subject
              event.AuditRecord.Verdict
              event.ConnectorEvent
              event.ConnectorEvent.CallEnded
              event.ConnectorEvent.PolicyBroken
              event.ConnectorEvent.PolicyBroken.BrokenRule
              event.ConnectorEvent.PolicyChanged
              event.ConnectorEvent.Change
              event.ConnectorEvent.ClientRefused
              event.ConnectorEvent.CandidateAllows
              event.ConnectorEvent.ConnectionChanged
              event.ConnectorEvent.ConsentCompleted
              event.ConnectorEvent.ConsentRefused
              event.ConnectorEvent.CredentialExpiring
              event.ConnectorEvent.CredentialRecovered
              event.ConnectorEvent.CredentialRefreshFailed
              event.ConnectorEvent.CredentialRenewed
              event.ConnectorEvent.CredentialRevoked
              event.ConnectorEvent.DefinitionChanged
              event.ConnectorEvent.EventParked
              event.ConnectorEvent.EventsMissing
              event.ConnectorEvent.EventsUnsent
              event.ConnectorEvent.FlowChanged
              event.ConnectorEvent.GatewayMemberLost
              event.ConnectorEvent.GatewayMemberReturned
              event.ConnectorEvent.PollFailed
              event.ConnectorEvent.RequestRepeated
              event.ConnectorEvent.RightsChanged
              event.ConnectorEvent.RightsChanged.Act
              event.ConnectorEvent.SenderSilent
              event.ConnectorEvent.StatusChanged
              event.ConnectorEvent.SubscriptionChanged
              event.ConnectorEvent.UnwrappedCallEnded
              event.ConnectorListener
              file.FileInfo
              file.FileProgress
              file.FileSource
              file.FileTarget
              file.FileTarget.Receiver
              file.ReceivedFile
              http.ChunkedUpload
              http.ConnectorHttp
              http.HttpCall
              http.HttpResponse
              http.Paging
              http.Paging.Continuation
              http.Paging.Cursor
              http.Paging.HeaderCursor
              http.Paging.LinkHeader
              http.Paging.NextLink
              http.Paging.Offset
              http.Paging.OmitsEmptyLists
              http.Paging.PageNumber
              http.Part
              spi.AuditStore
              spi.AuditStore.Filter
              spi.AuditStore.OpenRun
              spi.BindingStore
              spi.BindingStore.BindingKey
              spi.BindingStore.ReferenceKey
              spi.BindingStore.StoredBinding
              spi.ChangeFeed
              spi.ChangeFeed.Change
              spi.ChangeFeed.ConnectionChange
              spi.ChangeFeed.GrantsChange
              spi.ChangeFeed.ReferenceChange
              spi.ConnectorProvider
              spi.ConnectorStore
              spi.ConnectorStore.CareDue
              spi.ConnectorStore.ConnectionFilter
              spi.ConnectorStore.ConnectionWithCredentials
              spi.ConnectorStore.LeaseAttempt
              spi.ConnectorStore.StoredConnection
              spi.ConnectorStore.StoredConnection.Access
              spi.ConnectorStore.StoredConnection.Identity
              spi.ConnectorStore.StoredConnection.Revision
              spi.ConnectorStore.StoredConnection.Settings
              spi.ConnectorStore.StoredCredential
              spi.DefinitionStore
              spi.DefinitionStore.DefinitionKey
              spi.DefinitionStore.DefinitionVersion
              spi.DefinitionStore.StoredDefinition
              spi.FlowDirectory
              spi.FlowDirectory.Filter
              spi.GatewayStore
              spi.GatewayStore.StoredGateway
              spi.GatewayStore.StoredNode
              spi.GatewayStore.StoredPresence
              spi.GrantStore
              spi.GrantStore.GrantSubject
              spi.GrantStore.StoredGrant
              spi.Memberships
              spi.PolicyStore
              spi.PolicyStore.StoredPolicy
              spi.SecretCipher
              spi.SecretCipher.Place
              spi.ShareStore
              spi.ShareStore.StoredShare
              spi.ShareStore.StoredShare.Terms
              spi.Sleeper
              spi.TicketStore
              spi.TicketStore.StoredTicket
              spi.TriggerStore
              spi.TriggerStore.Claim
              spi.TriggerStore.EventClaim
              spi.TriggerStore.EventStatus
              spi.TriggerStore.Life
              spi.TriggerStore.Load
              spi.TriggerStore.NewEvent
              spi.TriggerStore.Outcome
              spi.TriggerStore.Progress
              spi.TriggerStore.Retention
              spi.TriggerStore.Sealed
              spi.TriggerStore.SealedField
              spi.TriggerStore.SealedField.Kind
              spi.TriggerStore.Standing
              spi.TriggerStore.StoredEvent
              spi.TriggerStore.StoredSubscription
              spi.TriggerStore.Subject
              spi.TriggerStore.SubscriptionFilter
              webhook.Arrival
              webhook.DeliveryVerifier
              webhook.Handshake
              webhook.Handshake.Builder
              webhook.KeySource
              webhook.Place
              webhook.Place.Source
              webhook.Signature
              webhook.Signature.Algorithm
              webhook.Signature.Builder
              webhook.Signature.Certificate
              webhook.Signature.Condition
              webhook.Signature.Encoding
              webhook.Signature.Freshness
              webhook.Signature.KeyForm
              webhook.Signature.Packing
              webhook.Signature.TimeForm
              webhook.Signatures
              """
                  .lines()
                  .toList());
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ModuleBoundaryTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers())
        && !type.isAnonymousClass()
        && (outer == null || isPublic(outer));
  }
}
