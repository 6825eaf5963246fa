package dev.connectorsdk.plugin;

import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.plugin.ProviderOrigin.Maker;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the providers that plugins declare for {@link ServiceLoader}. A provider that cannot be
 * created, or not within 5 s, is reported; the others are found all the same. Each is created in a
 * thread of its own.
 */
public final class PluginDiscovery {

  /**
   * What was found.
   *
   * @param providers one of each class, in the order of the class path
   * @param problems what could not be created, and why
   */
  public record Discovery(List<ConnectorProvider> providers, List<Problem> problems) {

    public Discovery {
      providers = List.copyOf(providers);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A provider that is left out.
   *
   * @param provider the name of its class, or {@code (unknown)}
   * @param location the jar or folder that it is in, or {@code (unknown)}
   * @param problem what is wrong, as a sentence
   * @param cause what was thrown, or {@code null} if nothing was
   */
  public record Problem(
      String provider, String location, String problem, @Nullable Throwable cause) {

    public Problem {
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(location, "location");
      Objects.requireNonNull(problem, "problem");
    }

    /** Returns a problem of a provider that could be created. */
    public static Problem of(
        ConnectorProvider provider, String problem, @Nullable Throwable cause) {
      Class<?> type = provider.getClass();
      return new Problem(type.getName(), locationOf(type), problem, cause);
    }

    /** Returns what is wrong because a plugin was skipped, of which it is not known which. */
    public static Problem ofSkipped(String problem) {
      return new Problem(UNKNOWN, UNKNOWN, problem, null);
    }

    /** Returns all of it in one line, for logs. */
    @Override
    public String toString() {
      return "Provider " + provider + " in " + location + ": " + problem;
    }
  }

  static final String UNKNOWN = "(unknown)";

  /** A class loader that fails for ever must not keep us here. */
  private static final int MAX_PROBLEMS = 1_000;

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final ClassLoader loader;
  private final @Nullable AllowedPlugins allowed;
  private final Duration longest;
  private final List<ConnectorProvider> providers = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> messages = new HashSet<>();
  private final Set<Class<?>> taken = new HashSet<>();

  private PluginDiscovery(ClassLoader loader, @Nullable AllowedPlugins allowed, Duration longest) {
    this.loader = loader;
    this.allowed = allowed;
    this.longest = longest;
  }

  /**
   * Creates all providers that {@code loader} and its parents know. Throws nothing but what the
   * virtual machine cannot go on after.
   */
  public static Discovery find(ClassLoader loader) {
    return find(loader, LONGEST);
  }

  /**
   * Creates those providers that {@code loader} and its parents know and that are allowed. The
   * others are reported, and none of their code has run. Throws nothing but what the virtual
   * machine cannot go on after.
   */
  public static Discovery find(ClassLoader loader, AllowedPlugins allowed) {
    Objects.requireNonNull(allowed, "allowed");
    return new PluginDiscovery(loader, allowed, LONGEST).findAll();
  }

  /** Creates all providers, each in so much time at most. */
  static Discovery find(ClassLoader loader, Duration longest) {
    return new PluginDiscovery(loader, null, longest).findAll();
  }

  private Discovery findAll() {
    List<ServiceLoader.Provider<ConnectorProvider>> found = new ArrayList<>();
    Spliterator<ServiceLoader.Provider<ConnectorProvider>> declared =
        ServiceLoader.load(ConnectorProvider.class, loader).stream().spliterator();
    boolean more = true;
    while (more && problems.size() < MAX_PROBLEMS) {
      try {
        more = declared.tryAdvance(found::add);
      } catch (Throwable e) {
        rethrowIfFatal(e);
        // Each entry has a message of its own: one that comes again means no progress.
        more = messages.add(String.valueOf(e));
        if (more) {
          problems.add(notLoaded(e));
        }
      }
    }
    ProviderOrigin origin = new ProviderOrigin(loader, found);
    for (ServiceLoader.Provider<ConnectorProvider> provider : found) {
      try {
        take(provider, origin);
      } catch (Throwable e) {
        rethrowIfFatal(e);
        Throwable cause = reason(e);
        skip(provider, "It could not be created: " + describe(cause) + ".", cause);
      }
    }
    return new Discovery(providers, problems);
  }

  private void take(ServiceLoader.Provider<ConnectorProvider> provider, ProviderOrigin origin)
      throws Throwable {
    if (allowed == null) {
      providers.add(created(provider::get));
      return;
    }
    String refusal = allowed.refusal(provider.type());
    Maker own = refusal == null ? origin.ownMaker(provider) : null;
    if (own == null) {
      skip(provider, refusal == null ? "Another module may be what makes it." : refusal, null);
    } else if (!taken.add(provider.type())) {
      skip(provider, "It is declared more than once, and was made once.", null);
    } else {
      providers.add(created(own));
    }
  }

  private void skip(
      ServiceLoader.Provider<ConnectorProvider> provider,
      String problem,
      @Nullable Throwable cause) {
    Class<?> type = provider.type();
    problems.add(new Problem(type.getName(), locationOf(type), problem, cause));
  }

  /** Creates a provider in a thread of its own, which is left to itself if it takes too long. */
  private ConnectorProvider created(Maker maker) throws Throwable {
    CompletableFuture<ConnectorProvider> created = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                created.complete(maker.make());
              } catch (Throwable e) {
                created.completeExceptionally(e);
              }
            },
            "connector-plugin");
    thread.setDaemon(true);
    thread.start();
    Exception late = new TimeoutException("it took longer than " + longest.toSeconds() + " s");
    CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> created.completeExceptionally(late));
    try {
      return created.join();
    } catch (CompletionException e) {
      thread.interrupt();
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** The entry never became a class, so only the text of the error can say which it was. */
  private Problem notLoaded(Throwable thrown) {
    Throwable cause = reason(thrown);
    ServiceEntries.Entry entry = ServiceEntries.of(loader).mentionedIn(thrown);
    return new Problem(
        entry.provider(),
        entry.location(),
        "It could not be loaded: " + describe(cause) + ".",
        cause);
  }

  /** Returns what lies below the wrapping of the service loader. */
  private static Throwable reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return (thrown instanceof ServiceConfigurationError
                || thrown instanceof ExceptionInInitializerError)
            && cause != null
        ? reason(cause)
        : thrown;
  }

  private static void rethrowIfFatal(Throwable thrown) {
    if (reason(thrown) instanceof VirtualMachineError fatal) {
      throw fatal;
    }
  }

  private static String describe(Throwable thrown) {
    String message = thrown.getMessage();
    String type = thrown.getClass().getSimpleName();
    return message == null ? type : type + ", " + message;
  }

  private static String locationOf(Class<?> provider) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? UNKNOWN
        : source.getLocation().toString();
  }
}
