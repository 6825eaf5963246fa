package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.internal.definition.request.CredentialPlace;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a definition has requests authenticated.
 *
 * @param common parameters of every option
 * @param options in order
 * @param places what authentication fills, whichever option is chosen
 * @param refused why none of the options can be used, or {@code null} if they can
 */
public record Authentication(
    List<ConnectionParameter> common,
    List<OfferedOption> options,
    Set<CredentialPlace> places,
    @Nullable String refused) {

  public Authentication {
    common = List.copyOf(common);
    options = List.copyOf(options);
    places = Set.copyOf(places);
  }

  /** Returns whether every way to authenticate leads through an on-premises gateway. */
  public boolean needsGateway() {
    return options.stream().allMatch(offered -> offered.option().needsGateway());
  }
}
