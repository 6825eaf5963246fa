package dev.connectorsdk.api.event;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConsentException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the runtime. Holds names and numbers, never payloads or secrets.
 *
 * <p>It is for the host, and not to be shown to callers: it names connections, whosever they are.
 */
public sealed interface ConnectorEvent {

  /** Returns when it happened. */
  Instant at();

  /**
   * A call ended, well or badly.
   *
   * @param reference by which the connection was found
   * @param connection the connection, or {@code null} if the reference was not resolved
   * @param action the id of the action, or of the trigger that was polled
   * @param exchanges how many HTTP requests were sent, repetitions included
   * @param took from the beginning to the end
   * @param error the type of the exception, such as {@code ServiceException}, or {@code null} if
   *     the call went well
   */
  record CallEnded(
      Instant at,
      Caller caller,
      ConnectionReference reference,
      @Nullable ConnectionId connection,
      String action,
      int exchanges,
      Duration took,
      @Nullable String error)
      implements ConnectorEvent {}

  /**
   * A request of an unwrapped client ended, well or badly: the head of an answer arrived, whatever
   * its status, or the request failed.
   *
   * @param reference by which the connection was found
   * @param connection the connection, or {@code null} if the reference was not resolved
   * @param operation what the host calls it
   * @param effect the most that it does at the service, as the host says
   * @param took from the beginning to the end
   * @param error the type of the exception, or {@code null} if there was an answer
   */
  record UnwrappedCallEnded(
      Instant at,
      Caller caller,
      ConnectionReference reference,
      @Nullable ConnectionId connection,
      String operation,
      Effect effect,
      Duration took,
      @Nullable String error)
      implements ConnectorEvent {}

  /**
   * A request is about to be sent again.
   *
   * @param attempt the number of the attempt that failed, counted from 1
   * @param pause how long the runtime waits before that
   * @param reason the status, such as {@code 503}, or the kind of transport failure
   */
  record RequestRepeated(
      Instant at,
      ConnectionId connection,
      ConnectorId connector,
      int attempt,
      Duration pause,
      String reason)
      implements ConnectorEvent {}

  /**
   * A connection uses a new token from now on: fetched for the first time, renewed because it was
   * due or refused by the service, or renewed by another process while this one used the former.
   * One that was stored before the connection was first used in this process, as by a sign-in, is
   * none.
   */
  record CredentialRenewed(Instant at, ConnectionId connection, ConnectorId connector)
      implements ConnectorEvent {}

  /**
   * A credential could not be replaced. Calls may go on with the present one while it is valid.
   *
   * @param problem what went wrong, without any secret
   * @param retryable whether a later attempt may succeed without anybody changing anything
   */
  record CredentialRefreshFailed(
      Instant at, ConnectionId connection, ConnectorId connector, String problem, boolean retryable)
      implements ConnectorEvent {}

  /** A credential was replaced after an earlier attempt had failed. */
  record CredentialRecovered(Instant at, ConnectionId connection, ConnectorId connector)
      implements ConnectorEvent {}

  /**
   * A client registration does not work: the service refuses it, or it is incomplete. Published
   * once for each client, however many connections use it, until one of them gets a credential
   * again. The connections keep their status and work again once the registration is corrected.
   *
   * @param authOption the auth option that the client is for
   * @param connection the connection that noticed it
   * @param problem what is wrong, without any secret
   */
  record ClientRefused(
      Instant at, ConnectorId connector, String authOption, ConnectionId connection, String problem)
      implements ConnectorEvent {}

  /**
   * A connection's credential expires soon.
   *
   * @param expiresAt when
   */
  record CredentialExpiring(
      Instant at, ConnectionId connection, ConnectorId connector, Instant expiresAt)
      implements ConnectorEvent {}

  /**
   * The service was asked to end a connection's credentials, before they were deleted here.
   *
   * @param confirmed whether it has; otherwise they may go on working at the service
   */
  record CredentialRevoked(
      Instant at, ConnectionId connection, ConnectorId connector, boolean confirmed)
      implements ConnectorEvent {}

  /**
   * Something was done to a connection, by its owner or an administrator: one event for each act.
   *
   * @param environment where it lives
   * @param owner whose it is, or was when it was deleted
   * @param by who did it; somebody else than the owner is an administrator, and so is who disables,
   *     enables or hands over
   * @param change what was done
   * @param formerOwner whose it was before, if it was handed over; else {@code null}
   * @param gateway the id of the gateway that it leads through, or {@code null} for none
   */
  record ConnectionChanged(
      Instant at,
      ConnectionId connection,
      ConnectorId connector,
      Environment environment,
      Principal owner,
      Principal by,
      Change change,
      @Nullable Principal formerOwner,
      @Nullable String gateway)
      implements ConnectorEvent {}

  /** What was done to a connection. */
  enum Change {
    /** It was made. */
    CREATED,
    /** Its parameters or credentials were replaced. */
    UPDATED,
    /** It was deleted. */
    DELETED,
    /** It was disabled. */
    DISABLED,
    /** It was enabled again. */
    ENABLED,
    /** It was given to another owner, without its credentials. */
    HANDED_OVER
  }

  /**
   * Who may use what was changed.
   *
   * @param by who did it, where, and for which flow, if for one alone
   * @param act what was done
   * @param connector of the connection or the reference
   * @param reference the logical name of the reference that it was done to, or {@code null}
   * @param connection the connection that it was done to or that a reference was bound to, or
   *     {@code null}
   * @param grant what was granted or taken back, or {@code null} if it is not about a grant
   */
  record RightsChanged(
      Instant at,
      Caller by,
      Act act,
      ConnectorId connector,
      @Nullable String reference,
      @Nullable ConnectionId connection,
      @Nullable Grant grant)
      implements ConnectorEvent {

    /** What was done. */
    public enum Act {
      /** A reference was bound to a connection. */
      BOUND,
      /** A binding ended. */
      UNBOUND,
      /** Somebody got a right. */
      GRANTED,
      /** A right was taken back. */
      REVOKED,
      /** Run-only users of a flow get to use the connection behind a reference. */
      SHARED,
      /** Run-only users of a flow have to bring own connections for a reference. */
      NOT_SHARED
    }
  }

  /**
   * The owner or a co-owner of a flow has confirmed that it is changed.
   *
   * @param by who did it, running the flow as it was
   * @param coOwners whom it has as co-owners besides those that it had; groups as such
   * @param operations what it declares to call besides, as operations by the logical name of their
   *     reference; a reference that it did not declare is there even without operations
   */
  record FlowChanged(
      Instant at, Caller by, Set<Principal> coOwners, Map<String, Set<String>> operations)
      implements ConnectorEvent {

    public FlowChanged {
      coOwners = Set.copyOf(coOwners);
      operations = Map.copyOf(operations);
    }
  }

  /**
   * A data policy was saved or deleted.
   *
   * @param by the administrator
   * @param environment of which that is; {@code null} for the whole runtime
   * @param policy its name
   * @param version its version now; 0 if it was deleted
   * @param exempted the flows that it exempts and did not before
   */
  record PolicyChanged(
      Instant at,
      Principal by,
      @Nullable Environment environment,
      String policy,
      long version,
      Set<String> exempted)
      implements ConnectorEvent {

    public PolicyChanged {
      exempted = Set.copyOf(exempted);
    }
  }

  /**
   * The stored definition of a connector was saved or removed.
   *
   * @param by the administrator
   * @param environment in which it is a custom connector; {@code null} for a public one
   * @param version its version now; 0 if it was removed
   */
  record DefinitionChanged(
      Instant at,
      Principal by,
      @Nullable Environment environment,
      ConnectorId connector,
      long version)
      implements ConnectorEvent {}

  /**
   * A call goes on that breaks a data policy which is not enforced, such as one that is tried out
   * before it is. Told once by a runtime for a flow, a connector, an operation or origin, and a
   * rule, until a policy changes; and again once 10,000 others were told of.
   *
   * @param connector whose operation is called, or whose request is sent
   * @param operation the id of the action or trigger, or what the host calls it; {@code null} if
   *     the policy has something against where a request goes
   * @param origin scheme, host and port of that request, or {@code null} if it is the call
   * @param rule what is broken
   */
  record PolicyBroken(
      Instant at,
      Caller caller,
      ConnectorId connector,
      @Nullable String operation,
      @Nullable String origin,
      BrokenRule rule)
      implements ConnectorEvent {

    /**
     * A rule of a data policy that is broken.
     *
     * @param policy the name of the policy
     * @param version its version
     * @param place where the rule stands in the policy
     * @param problem what the policy has against it, as a sentence
     */
    public record BrokenRule(String policy, long version, String place, String problem) {}
  }

  /**
   * A call or a request is refused that would go on with a data policy that is tried out in place
   * of one that is enforced. Told as often as {@link PolicyBroken} is.
   *
   * @param connector whose operation is called, or whose request is sent
   * @param operation the id of the action or trigger, or what the host calls it; {@code null} if it
   *     is a request
   * @param origin scheme, host and port of that request, or {@code null} if it is the call
   * @param policy the name of the policy that is tried out
   * @param version its version
   */
  record CandidateAllows(
      Instant at,
      Caller caller,
      ConnectorId connector,
      @Nullable String operation,
      @Nullable String origin,
      String policy,
      long version)
      implements ConnectorEvent {}

  /**
   * Somebody signed in for a connection.
   *
   * @param environment where the connection lives
   * @param by who it was, at the host
   * @param grantedScopes what the service granted
   * @param missingScopes what was asked for and not granted
   */
  record ConsentCompleted(
      Instant at,
      ConnectionId connection,
      ConnectorId connector,
      Environment environment,
      Principal by,
      List<String> grantedScopes,
      List<String> missingScopes)
      implements ConnectorEvent {

    public ConsentCompleted {
      grantedScopes = List.copyOf(grantedScopes);
      missingScopes = List.copyOf(missingScopes);
    }
  }

  /**
   * A sign-in that was begun did not lead to a connection.
   *
   * @param environment where the connection lives
   * @param begunBy who began it
   * @param endedBy who came back with the callback; another one than who began it is a sign of an
   *     attack
   * @param reason why
   */
  record ConsentRefused(
      Instant at,
      ConnectionId connection,
      ConnectorId connector,
      Environment environment,
      Principal begunBy,
      Principal endedBy,
      ConsentException.Reason reason)
      implements ConnectorEvent {}

  /**
   * A connection's status changed.
   *
   * @param from what it was
   * @param to what it is
   */
  record StatusChanged(
      Instant at,
      ConnectionId connection,
      ConnectorId connector,
      ConnectionStatus from,
      ConnectionStatus to)
      implements ConnectorEvent {}

  /**
   * A subscription of a trigger went into another phase.
   *
   * @param flow the id of the flow that it is for
   * @param from the phase before, such as {@code ACTIVE}
   * @param to the phase now
   * @param reason why, for people; empty if there is nothing to say
   */
  record SubscriptionChanged(
      Instant at,
      String subscription,
      String flow,
      ConnectorId connector,
      String from,
      String to,
      String reason)
      implements ConnectorEvent {}

  /**
   * A poll of a trigger failed. The cursor stays where it was.
   *
   * @param flow the id of the flow that the subscription is for
   * @param problem what went wrong, without any secret
   * @param failures how many polls of the subscription have failed in a row
   * @param pause how long it is until the next one
   */
  record PollFailed(
      Instant at,
      String subscription,
      String flow,
      ConnectorId connector,
      String problem,
      int failures,
      Duration pause)
      implements ConnectorEvent {}

  /**
   * The handler of an event failed so often that the event was given up. It is kept for 30 days.
   *
   * @param flow the id of the flow that the subscription is for
   * @param number by which the event is replayed or dropped
   * @param attempts how often the handler was called
   * @param problem what went wrong at last, without any secret
   */
  record EventParked(
      Instant at, String subscription, String flow, long number, int attempts, String problem)
      implements ConnectorEvent {}

  /**
   * Events of a subscription may be missing and cannot be had any more.
   *
   * @param flow the id of the flow that the subscription is for
   * @param since up to when nothing was missing, or {@code null} if that is not known
   * @param reason what happened
   */
  record EventsMissing(
      Instant at, String subscription, String flow, @Nullable Instant since, String reason)
      implements ConnectorEvent {}

  /**
   * A poll has found events of a webhook that the service had not sent an hour later. They were
   * stored when they were found.
   *
   * @param flow the id of the flow that the subscription is for
   * @param events how many
   * @param lossRate which part was not sent of about the last 1,000 events that polls have found
   */
  record EventsUnsent(Instant at, String subscription, String flow, int events, double lossRate)
      implements ConnectorEvent {}

  /**
   * A service that calls back has been silent for more than twice as long as it ever was of late.
   * It is said once in each silence.
   *
   * @param flow the id of the flow that the subscription is for
   * @param since when the last event was stored
   * @param usual the longest pause before
   */
  record SenderSilent(Instant at, String subscription, String flow, Instant since, Duration usual)
      implements ConnectorEvent {}

  /**
   * A member of a gateway has had no line to any process of the host for a quarter of a minute.
   * Told by one of the processes, once until the member returns.
   *
   * @param environment of the gateway
   * @param gateway the id of the gateway
   * @param member the id of the member
   * @param name by which people know the member
   * @param lastSeen when it had a line last, to a minute
   */
  record GatewayMemberLost(
      Instant at,
      Environment environment,
      String gateway,
      String member,
      String name,
      Instant lastSeen)
      implements ConnectorEvent {}

  /**
   * A member of a gateway has a line to the host, for the first time or again after it was lost.
   * Told by one of the processes, once until the member is lost.
   *
   * @param environment of the gateway
   * @param gateway the id of the gateway
   * @param member the id of the member
   * @param name by which people know the member
   * @param address where it came from
   * @param lostAt when it was said that it was lost, or {@code null} if it comes for the first time
   */
  record GatewayMemberReturned(
      Instant at,
      Environment environment,
      String gateway,
      String member,
      String name,
      String address,
      @Nullable Instant lostAt)
      implements ConnectorEvent {}
}
