package dev.connectorsdk.plugin;

import dev.connectorsdk.api.spi.ConnectorProvider;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose code makes a provider. A class on the class path makes itself. A module may declare a
 * method {@code provider()}, and what that returns may be a class of another module or jar: the
 * class says nothing about the code that runs.
 */
final class ProviderOrigin {

  private final ClassLoader loader;
  private final List<ServiceLoader.Provider<ConnectorProvider>> found;

  /** Makes one provider. */
  @FunctionalInterface
  interface Maker {
    ConnectorProvider make() throws Throwable;
  }

  /**
   * @param found all providers that the loader knows
   */
  ProviderOrigin(ClassLoader loader, List<ServiceLoader.Provider<ConnectorProvider>> found) {
    this.loader = loader;
    this.found = found;
  }

  /**
   * Returns what makes a provider with code of the jar or module that its class is in, or {@code
   * null} if other code may do that. Runs none of it.
   */
  @Nullable Maker ownMaker(ServiceLoader.Provider<ConnectorProvider> provider) {
    Class<? extends ConnectorProvider> type = provider.type();
    ModuleDescriptor module = type.getModule().getDescriptor();
    if (module == null || module.isAutomatic()) {
      return () -> newInstance(type);
    }
    return isSearched(type.getModule()) && declared(module, type) == found(type)
        ? provider::get
        : null;
  }

  private static ConnectorProvider newInstance(Class<? extends ConnectorProvider> type)
      throws Throwable {
    try {
      return type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** A service loader looks at the modules of its loaders, and at layers that these are part of. */
  private boolean isSearched(Module module) {
    ModuleLayer layer = module.getLayer();
    return isOfLoader(module.getClassLoader())
        || (layer != null
            && layer != ModuleLayer.boot()
            && layer.modules().stream().anyMatch(each -> isOfLoader(each.getClassLoader())));
  }

  private boolean isOfLoader(@Nullable ClassLoader own) {
    for (ClassLoader known = loader; known != null; known = known.getParent()) {
      if (known == own) {
        return true;
      }
    }
    return own == null;
  }

  private long found(Class<?> type) {
    return found.stream().filter(provider -> provider.type() == type).count();
  }

  /** Returns how many providers of a class its own module declares. */
  private static long declared(ModuleDescriptor module, Class<?> type) {
    Set<ModuleDescriptor.Provides> all = module.provides();
    return all.stream()
        .filter(provides -> provides.service().equals(ConnectorProvider.class.getName()))
        .flatMap(provides -> provides.providers().stream())
        .filter(name -> made(Class.forName(type.getModule(), name)) == type)
        .count();
  }

  /** Returns the class of what a declared class makes, without having it initialised. */
  private static @Nullable Class<?> made(@Nullable Class<?> declared) {
    return declared == null
        ? null
        : Arrays.stream(declared.getDeclaredMethods())
            .filter(method -> method.getName().equals("provider"))
            .filter(method -> method.getParameterCount() == 0)
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .<Class<?>>map(method -> method.getReturnType())
            .findFirst()
            .orElse(declared);
  }
}
