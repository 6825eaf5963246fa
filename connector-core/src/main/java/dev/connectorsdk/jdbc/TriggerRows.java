package dev.connectorsdk.jdbc;

import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField;
import dev.connectorsdk.api.spi.TriggerStore.Standing;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns rows of triggers into records. */
final class TriggerRows {

  private TriggerRows() {}

  static StoredSubscription subscription(ResultSet row) throws SQLException {
    return Rows.understood("subscription", row, TriggerRows::readSubscription);
  }

  static Optional<StoredSubscription> listedSubscription(ResultSet row) throws SQLException {
    return Rows.listed("subscription", row, TriggerRows::readSubscription);
  }

  /**
   * Returns the claim of a row that was just claimed.
   *
   * @param lease for how long
   */
  static Claim claim(ResultSet row, String token, Duration lease) throws SQLException {
    return Rows.understood("subscription", row, it -> readClaim(it, token, lease));
  }

  /** Returns the {@linkplain #claim claim} of a row, if this version understands that. */
  static Optional<Claim> listedClaim(ResultSet row, String token, Duration lease)
      throws SQLException {
    return Rows.listed("subscription", row, it -> readClaim(it, token, lease));
  }

  private static Claim readClaim(ResultSet row, String token, Duration lease) throws SQLException {
    Instant until = requireNonNull(Sql.instant(row, "claimed_until"), "claimed_until");
    return new Claim(readSubscription(row), token, until.minus(lease));
  }

  static Optional<StoredEvent> listedEvent(ResultSet row) throws SQLException {
    return Rows.listed("event", row, TriggerRows::readEvent);
  }

  private static StoredSubscription readSubscription(ResultSet row) throws SQLException {
    String address = row.getString("address");
    return new StoredSubscription(
        row.getString("id"),
        row.getLong("version"),
        new Subject(
            Environment.of(row.getString("environment")),
            row.getString("flow"),
            ConnectorId.of(row.getString("connector")),
            row.getString("reference_name"),
            row.getString("trigger_id"),
            row.getString("handler"),
            address == null ? "" : address),
        row.getString("settings"),
        new Life(row.getString("phase"), row.getString("reason"), row.getBoolean("delivers")),
        sealed(row, "registration_key", "registration"),
        new Progress(
            sealed(row, "cursor_key", "cursor_text"),
            Sql.instant(row, "complete_up_to"),
            row.getString("proof")),
        new Outcome(row.getInt("failures"), row.getInt("idle"), row.getString("error")));
  }

  private static StoredEvent readEvent(ResultSet row) throws SQLException {
    String id = row.getString("event_id");
    String order = row.getString("order_text");
    return new StoredEvent(
        row.getLong("number"),
        row.getString("subscription_id"),
        new NewEvent(id, order.isEmpty() ? id : order, sealed(row, "payload_key", "payload")),
        EventStatus.valueOf(row.getString("status")),
        row.getInt("attempts"),
        row.getString("error"),
        requireNonNull(Sql.instant(row, "stored_at"), "stored_at"));
  }

  private static Sealed sealed(ResultSet row, String key, String text) throws SQLException {
    return new Sealed(row.getString(key), row.getString(text));
  }

  static SealedField field(ResultSet row) throws SQLException {
    return new SealedField(
        row.getString("subscription_id"),
        row.getString("event_id"),
        SealedField.Kind.valueOf(row.getString("kind")),
        sealed(row, "key_id", "sealed_text"));
  }

  static Load load(ResultSet row) throws SQLException {
    return new Load(row.getLong("events"), row.getLong("characters"));
  }

  static Standing standing(ResultSet row) throws SQLException {
    boolean isClaimed = row.getBoolean("claimed");
    @Nullable Instant due = Sql.instant(row, "due_at");
    return new Standing(
        isClaimed ? null : due,
        isClaimed,
        load(row),
        row.getLong("parked"),
        Sql.instant(row, "last_at"));
  }

  static Duration wait(ResultSet row) throws SQLException {
    return Duration.between(
        requireNonNull(Sql.instant(row, "now_at"), "now_at"),
        requireNonNull(Sql.instant(row, "next_at"), "next_at"));
  }
}
