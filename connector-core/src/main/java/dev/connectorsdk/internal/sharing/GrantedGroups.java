package dev.connectorsdk.internal.sharing;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.GrantStore;
import java.util.List;

/**
 * The first groups, in order, that were granted something on a connection in an environment. Since
 * anybody may grant to any number of groups, no more of them are looked at for one list.
 *
 * @param isAll whether those are all that there are
 */
public record GrantedGroups(List<Principal> first, boolean isAll) {

  private static final int LOOKED_AT = 100;

  /** Reads them. Nobody is asked who belongs to them. */
  public static GrantedGroups in(GrantStore store, Environment environment) {
    List<Principal> all = store.listConnectionGroups(environment);
    return new GrantedGroups(
        all.stream().sorted(comparing(Principal::toString)).limit(LOOKED_AT).toList(),
        all.size() <= LOOKED_AT);
  }
}
