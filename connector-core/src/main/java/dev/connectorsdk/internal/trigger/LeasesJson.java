package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.internal.trigger.Lease.Remote;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.Leases.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Registrations as they are kept. By hand: as a module, this package is closed to Jackson. */
final class LeasesJson {

  private LeasesJson() {}

  static ObjectNode write(Leases leases, JsonNodeFactory nodes) {
    ObjectNode json = nodes.objectNode();
    json.put("address", leases.address());
    ArrayNode all = json.putArray("all");
    leases.all().forEach(lease -> write(lease, all.addObject()));
    ArrayNode needs = json.putArray("needs");
    leases.needs().forEach(need -> needs.add(need.name()));
    write(leases.observed(), json.putObject("observed"));
    return json;
  }

  private static void write(Observed observed, ObjectNode json) {
    Rhythm rhythm = observed.rhythm();
    json.put("nextAt", observed.nextAt().toString())
        .put("compared", observed.compared())
        .put("unsent", observed.unsent())
        .put("suspects", observed.suspects())
        .putObject("rhythm")
        .put("last", text(rhythm.last()))
        .put("pauses", rhythm.pauses())
        .put("longestMillis", rhythm.longest().toMillis())
        .put("told", rhythm.told());
  }

  private static void write(Lease lease, ObjectNode json) {
    Remote remote = lease.remote();
    lease.home().write(json);
    json.put("key", lease.key())
        .put("secret", lease.secret())
        .put("state", lease.state().name())
        .put("nextAt", lease.nextAt().toString())
        .put("tries", lease.tries())
        .putObject("remote")
        .put("id", remote.id())
        .put("from", text(remote.from()))
        .put("until", text(remote.until()))
        .put("secret", remote.secret())
        .put("former", remote.former());
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** Reads what {@link #write} wrote. */
  static Leases read(JsonNode json) {
    List<Lease> all = new ArrayList<>();
    json.path("all").forEach(lease -> all.add(lease(lease)));
    Set<Need> needs = EnumSet.noneOf(Need.class);
    json.path("needs")
        .forEach(need -> needs.add(Subscriptions.known(Need.class, need.asString(), "need")));
    return new Leases(json.path("address").asString(), all, needs, observed(json.path("observed")));
  }

  private static Observed observed(JsonNode json) {
    Instant nextAt = instant(json.path("nextAt"));
    JsonNode rhythm = json.path("rhythm");
    return nextAt == null
        ? Observed.NOTHING
        : new Observed(
            nextAt,
            json.path("compared").asInt(),
            json.path("unsent").asInt(),
            json.path("suspects").asString(),
            new Rhythm(
                instant(rhythm.path("last")),
                rhythm.path("pauses").asInt(),
                Duration.ofMillis(rhythm.path("longestMillis").asLong()),
                rhythm.path("told").asBoolean()));
  }

  private static Lease lease(JsonNode json) {
    JsonNode remote = json.path("remote");
    return new Lease(
        json.path("key").asString(),
        json.path("secret").asString(),
        Subscriptions.known(State.class, json.path("state").asString(), "registration"),
        Home.read(json),
        Instant.parse(json.path("nextAt").asString()),
        json.path("tries").asInt(),
        new Remote(
            remote.path("id").asString(),
            instant(remote.path("from")),
            instant(remote.path("until")),
            remote.path("secret").asString(null),
            remote.path("former").asString(null)));
  }

  private static @Nullable Instant instant(JsonNode json) {
    return json.isString() ? Instant.parse(json.asString()) : null;
  }
}
