package dev.connectorsdk.gateway;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.gateway.Gateway.Role;
import java.util.List;

/**
 * The gateways of a host. Safe for use by several threads.
 *
 * <p>An administrator of an environment makes gateways and says who may use them. Whoever has the
 * role {@link Role#ADMIN} looks after one, as a {@link Caller} in its environment. A gateway that a
 * caller has no role for looks the same as one that does not exist: both lead to a {@link
 * dev.connectorsdk.api.error.NotFoundException}.
 *
 * <p>The host has no key that opens what is sealed for a gateway. Members make the key and pass it
 * on to each other.
 *
 * <p>Each change, and that somebody was refused one, is in the audit if one is kept, before the
 * method ends.
 *
 * <p>Changes take effect at once here, and within a second at other processes that share the store.
 * All methods use the store, and throw {@link dev.connectorsdk.api.error.StoreException} if that
 * fails. No argument may be {@code null}.
 */
public interface Gateways {

  /**
   * Makes a gateway that has no members yet, in the administrator's environment. The administrator
   * has the role {@link Role#ADMIN}.
   *
   * @param name 1 to 200 characters without control characters
   * @throws IllegalArgumentException if {@code administrator} is one of the whole runtime, or the
   *     name is none
   */
  Gateway create(Administrator administrator, String name);

  /** Returns the gateways that an administrator looks after, by name. */
  List<Gateway> list(Administrator administrator);

  /** Returns the gateways that the caller may make connections through, by name. */
  List<Gateway> list(Caller caller);

  /**
   * Returns which members of a gateway have lines to any process of the host, and how these are.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the administrator looks after no such
   *     gateway
   */
  GatewayStatus status(Administrator administrator, String gateway);

  /**
   * Returns which members of a gateway have lines to any process of the host, and how these are.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   */
  GatewayStatus status(Caller caller, String gateway);

  /**
   * Says what somebody may do with a gateway, whatever was said before.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the administrator looks after no such
   *     gateway
   * @throws IllegalArgumentException if {@code with} is a group, and the host was not told who is
   *     in groups
   */
  void share(Administrator administrator, String gateway, Principal with, Role role);

  /**
   * Says what somebody may do with a gateway, whatever was said before.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   * @throws IllegalArgumentException if {@code with} is a group, and the host was not told who is
   *     in groups
   */
  void share(Caller caller, String gateway, Principal with, Role role);

  /**
   * Takes back what somebody may do with a gateway. Connections of an owner who may not use it any
   * more, by another share or a group either, stay as they are, but lead nowhere, at each process
   * of the host within 5 s: calls and polls are refused with an {@link
   * dev.connectorsdk.api.error.AuthenticationException} with the reason {@code GATEWAY_NOT_SHARED},
   * and what is under way is cut. Shared again, they work as before. It is the same where a
   * membership of a group ends. Whoever uses somebody else's connection needs no right of their
   * own.
   *
   * @return whether there was anything
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   */
  boolean unshare(Caller caller, String gateway, Principal with);

  /**
   * Returns a code by which one member registers, once, within an hour. The first member of a
   * gateway is let in by its code alone; each further one is confirmed at a member.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   */
  Secret registrationCode(Caller caller, String gateway);

  /**
   * Has requests go to all members of a gateway in turn, or to the first one that has a line.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   */
  void spread(Caller caller, String gateway, boolean spread);

  /**
   * Has a member asked before all others, whether it has a line or not.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway,
   *     or it has no such member
   */
  void promote(Caller caller, String gateway, String member);

  /**
   * Removes a member, whether it has a line or not: its lines end, and what is under way on them.
   * It still knows the gateway's key until a member makes a new one.
   *
   * @return whether there was such a member
   * @throws dev.connectorsdk.api.error.NotFoundException if the caller looks after no such gateway
   */
  boolean removeMember(Caller caller, String gateway, String member);

  /**
   * Removes a gateway with its members: their lines end, and what is under way on them. Connections
   * through it stay, and fail.
   *
   * @return whether there was such a gateway that the administrator looks after
   */
  boolean delete(Administrator administrator, String gateway);

  /** Returns what takes in the lines of members. */
  GatewayEndpoint endpoint();
}
