package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.reference.DeploymentSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads bindings from a settings file, and writes them into one. */
final class SettingsFiles {

  private SettingsFiles() {}

  /**
   * Returns what is to be changed for a settings file to hold.
   *
   * @param references to which its names belong
   * @param changes says how a reference is bound to a connection, or throws what is in the way
   * @throws InvalidInputException naming everything that is in the way
   */
  static <T> List<T> changes(
      Environment environment,
      DeploymentSettings settings,
      Collection<ConnectionReference> references,
      BiFunction<ConnectionReference, ConnectionId, T> changes) {
    List<Fault> faults = new ArrayList<>();
    List<T> all = new ArrayList<>();
    for (DeploymentSettings.Binding entry : settings.connectionReferences()) {
      String path = "/ConnectionReferences/" + entry.logicalName();
      ConnectionReference reference = embedded(references, entry.logicalName());
      if (reference == null) {
        faults.add(new Fault(path, "no embedded reference of this name is declared"));
      } else if (!entry.isFor(reference.connector())) {
        faults.add(
            new Fault(path, "the reference is for connector '" + reference.connector() + "'"));
      } else if (!entry.connectionId().isEmpty()) {
        try {
          all.add(changes.apply(reference, ConnectionId.of(entry.connectionId())));
        } catch (ResolutionException | NotFoundException | PolicyException e) {
          faults.add(new Fault(path, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
          faults.add(new Fault(path, "ConnectionId is not a connection id"));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("the deployment settings in " + environment, faults);
    }
    return all;
  }

  private static @Nullable ConnectionReference embedded(
      Collection<ConnectionReference> references, String logicalName) {
    return references.stream()
        .filter(r -> r.source() == Source.EMBEDDED && r.logicalName().equals(logicalName))
        .findFirst()
        .orElse(null);
  }

  /** Returns a settings file with an entry for each embedded reference. */
  static DeploymentSettings of(
      Collection<ConnectionReference> references,
      Function<ConnectionReference, Optional<ConnectionId>> binding) {
    List<DeploymentSettings.Binding> bindings = new ArrayList<>();
    for (ConnectionReference reference : references) {
      if (reference.source() == Source.EMBEDDED) {
        bindings.add(
            new DeploymentSettings.Binding(
                reference.logicalName(),
                binding.apply(reference).map(ConnectionId::value).orElse(""),
                reference.connector().value()));
      }
    }
    return new DeploymentSettings(bindings);
  }
}
