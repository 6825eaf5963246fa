package dev.connectorsdk.internal.http;

import dev.connectorsdk.http.AddressPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Keeps requests to hosts that a user chose from addresses that the policy refuses.
 *
 * <p>The last word is the socket's, on the address that it is about to connect to: an address that
 * stands in a URL never comes by a {@link Dns}, and a name may lead elsewhere the next time that it
 * is looked up. A proxy looks names up by itself, so it gets neither the names that only an inside
 * network knows nor addresses that are refused; these are tried directly, and judged there.
 */
final class AddressGuard {

  /** Nothing was sent, since the address may not be reached. Says nothing about the address. */
  static final class Refused extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super("the address is not allowed");
    }
  }

  /** Nothing was sent, since a proxy that the host application chose is not known by its name. */
  static final class UnknownProxy extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    UnknownProxy() {
      super("the name of the proxy is unknown");
    }
  }

  /** Any port that the policy allows for public addresses: names are judged without. */
  private static final int SOME_PORT = 443;

  /**
   * What programs take for an address: it has a colon, or its last part is a number, decimal, octal
   * or hexadecimal (WHATWG URL Standard, "ends in a number").
   */
  private static final Pattern ADDRESS =
      Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?|.*:.*");

  /** Some read what begins so as octal or hexadecimal, and others as decimal. */
  private static final Pattern LEADING_ZERO = Pattern.compile("^[^:]*(^|\\.)0[0-9xX]");

  /** RFC 6761, RFC 6762, RFC 8375, ICANN's reserved "internal", and what networks often use. */
  private static final List<String> INSIDE =
      List.of(
          ".localhost",
          ".localdomain",
          ".local",
          ".internal",
          ".svc",
          ".intranet",
          ".private",
          ".corp",
          ".home",
          ".lan",
          ".home.arpa");

  private final AddressPolicy policy;

  /** Where the current thread is about to connect to a proxy. */
  @SuppressWarnings("ThreadLocalUsage") // A runtime holds nothing in static fields.
  private final ThreadLocal<@Nullable InetSocketAddress> proxy = new ThreadLocal<>();

  /** Which proxies were chosen last for a call of the current thread. */
  @SuppressWarnings("ThreadLocalUsage") // As above.
  private final ThreadLocal<List<Proxy>> chosen = ThreadLocal.withInitial(List::of);

  AddressGuard(AddressPolicy policy) {
    this.policy = policy;
  }

  /** Returns the client's way to resolve names, its proxies and its listeners, guarded. */
  OkHttpClient.Builder guarding(OkHttpClient client) {
    EventListener.Factory listeners = client.eventListenerFactory();
    EventListener proxies = new ProxyListener();
    return client
        .newBuilder()
        .dns(name -> judged(name, client.dns()))
        .proxy(null)
        .proxySelector(new Proxies(client.proxy(), client.proxySelector()))
        .eventListenerFactory(call -> listeners.create(call).plus(proxies));
  }

  /**
   * Looks a name up. Returns what is refused alone if there is any, so that no good address hides a
   * bad one. Proxies may be anywhere.
   *
   * @throws Refused if there is no such name inside, which is not to be told from one that is there
   */
  private List<InetAddress> judged(String name, Dns dns) throws UnknownHostException {
    if (isProxy(name)) {
      return ofProxy(name, dns);
    }
    try {
      List<InetAddress> addresses = dns.lookup(name);
      List<InetAddress> refused =
          addresses.stream().filter(address -> !policy.allows(address, SOME_PORT)).toList();
      return refused.isEmpty() ? addresses : refused;
    } catch (UnknownHostException e) {
      throw isInside(name) ? new Refused() : e;
    }
  }

  private boolean isProxy(String name) {
    return chosen.get().stream()
        .map(Proxy::address)
        .anyMatch(at -> at instanceof InetSocketAddress a && name.equals(a.getHostString()));
  }

  private static List<InetAddress> ofProxy(String name, Dns dns) throws UnknownProxy {
    try {
      return dns.lookup(name);
    } catch (UnknownHostException e) {
      throw new UnknownProxy();
    }
  }

  /**
   * Says whether the current thread may connect to an address.
   *
   * @throws Refused if not
   */
  void check(SocketAddress target) throws Refused {
    boolean toProxy = target.equals(proxy.get());
    proxy.remove();
    boolean allowed =
        toProxy
            || (target instanceof InetSocketAddress to
                && !to.isUnresolved()
                && policy.allows(to.getAddress(), to.getPort()));
    if (!allowed) {
      throw new Refused();
    }
  }

  /** OkHttp connects right after it has said so, on the same thread. */
  private final class ProxyListener extends EventListener {
    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy via) {
      if (via.type() == Proxy.Type.DIRECT) {
        proxy.remove();
      } else {
        proxy.set(address);
      }
    }
  }

  private final class Proxies extends ProxySelector {

    private final @Nullable Proxy only;
    private final ProxySelector selector;

    Proxies(@Nullable Proxy only, ProxySelector selector) {
      this.only = only;
      this.selector = selector;
    }

    @Override
    public List<Proxy> select(URI url) {
      if (!mayBeHandedOn(url)) {
        chosen.remove();
        return List.of(Proxy.NO_PROXY);
      }
      List<Proxy> proxies = only == null ? selector.select(url) : List.of(only);
      chosen.set(proxies);
      return proxies;
    }

    @Override
    public void connectFailed(URI url, SocketAddress address, IOException failure) {
      if (only == null) {
        selector.connectFailed(url, address, failure);
      }
    }
  }

  private boolean mayBeHandedOn(URI url) {
    String host = url.getHost();
    if (host == null) {
      return false;
    }
    if (!ADDRESS.matcher(host).matches()) {
      return !isInside(host);
    }
    if (LEADING_ZERO.matcher(host).find()) {
      return false;
    }
    try {
      return policy.allows(InetAddress.getByName(host), port(url));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
  }

  private static boolean isInside(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return name.indexOf('.') < 0 || INSIDE.stream().anyMatch(name::endsWith);
  }
}
