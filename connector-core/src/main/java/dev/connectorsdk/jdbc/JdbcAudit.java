package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The audit of a store in a database: three tables. Safe for several threads. */
final class JdbcAudit implements AuditStore {

  private final Database database;
  private final AuditColumns.Insertion insertion;
  private final String through;
  private final String isKnown;
  private final String begin;
  private final String end;
  private final String seen;
  private final String list;
  private final String whereThrough;
  private final String listOpen;
  private final String forget;
  private final String forgetRuns;

  JdbcAudit(Database database, Product product, String prefix) {
    this.database = database;
    String records = prefix + "audit_record";
    String runs = prefix + "audit_run";
    this.insertion = AuditColumns.into(product, records);
    isKnown = "SELECT id FROM " + runs + " WHERE id = ?";
    begin = "INSERT INTO " + runs + " (id, seen_at, ended) VALUES (?, ?, FALSE)";
    end = "UPDATE " + runs + " SET ended = TRUE WHERE id = ?";
    seen = "UPDATE " + runs + " SET seen_at = ? WHERE id = ?";
    String gateways = prefix + "audit_gateway";
    through =
        "INSERT INTO "
            + gateways
            + " (run, number, gateway) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM "
            + gateways
            + " WHERE run = ? AND number = ?)";
    String ofRecord = " FROM " + gateways + " g WHERE g.run = r.run AND g.number = r.number";
    list =
        "SELECT "
            + AuditColumns.NAMES
            + ", (SELECT g.gateway"
            + ofRecord
            + ") AS gateway FROM "
            + records
            + " r WHERE TRUE";
    whereThrough = " AND EXISTS (SELECT 1" + ofRecord + " AND g.gateway = ?)";
    listOpen =
        "SELECT id, seen_at FROM "
            + runs
            + " WHERE NOT ended AND seen_at < ? AND id > ? ORDER BY id LIMIT ?";
    forget =
        "DELETE FROM "
            + records
            + " WHERE (run, number) IN (SELECT run, number FROM "
            + records
            + " WHERE ended_at < ? ORDER BY ended_at LIMIT ?)";
    forgetRuns =
        "DELETE FROM "
            + runs
            + " WHERE seen_at < ? AND NOT EXISTS (SELECT 1 FROM "
            + records
            + " WHERE run = "
            + runs
            + ".id)";
  }

  @Override
  public int forget(Instant before, int limit) {
    int[] forgotten = new int[1];
    database.change(
        "forget",
        db -> {
          forgotten[0] = Sql.update(db, forget, before, limit);
          return forgotten[0] + Sql.update(db, forgetRuns, before) > 0;
        });
    return forgotten[0];
  }

  @Override
  public void append(Collection<AuditRecord> records) {
    if (!records.isEmpty() && !isAppended(records, true)) {
      isAppended(records, false);
    }
  }

  /**
   * @param areNew whether none is thought to be known
   * @return {@code false}, with nothing appended, if one is all the same
   */
  private boolean isAppended(Collection<AuditRecord> records, boolean areNew) {
    return database.change("append", db -> isAppended(db, records, areNew));
  }

  private boolean isAppended(Connection db, Collection<AuditRecord> records, boolean areNew)
      throws SQLException {
    if (!insertion.insert(db, records.stream().map(JdbcAudit::columns).toList(), areNew)) {
      db.rollback();
      return false;
    }
    Sql.batch(db, through, records.stream().flatMap(JdbcAudit::gateway).toList());
    for (AuditRecord record : records) {
      Position position = record.position();
      if (record.kind() == Kind.STARTED) {
        begin(db, position);
      } else if (record.kind() == Kind.ENDED) {
        Sql.update(db, end, position.run());
      }
    }
    return true;
  }

  /** Most records have no gateway, and no row that says so. */
  private static Stream<@Nullable Object[]> gateway(AuditRecord record) {
    Position position = record.position();
    String gateway = text(record.subject().gateway());
    return gateway == null
        ? Stream.empty()
        : Stream.<@Nullable Object[]>of(
            new @Nullable Object[] {
              position.run(), position.number(), gateway, position.run(), position.number()
            });
  }

  private void begin(Connection db, Position first) throws SQLException {
    if (Sql.find(db, isKnown, row -> row.getString("id"), first.run()).isEmpty()) {
      Sql.update(db, begin, first.run(), first.at());
    }
  }

  @Override
  public void seen(String run, Instant at) {
    database.change("seen", db -> Sql.update(db, seen, at, run) > 0);
  }

  @Override
  public List<AuditRecord> list(Filter filter, @Nullable Position before, int limit) {
    StringBuilder query = new StringBuilder(list);
    List<Object> values = new ArrayList<>();
    add(query, values, " AND environment = ?", filter.environment());
    add(query, values, " AND principal = ?", filter.who());
    add(query, values, " AND flow = ?", filter.flow());
    add(query, values, " AND connector = ?", filter.connector());
    add(query, values, " AND connection_id = ?", filter.connection());
    add(query, values, whereThrough, filter.gateway());
    if (filter.refused()) {
      query.append(" AND NOT allowed");
    }
    if (filter.since() != null) {
      query.append(" AND ended_at >= ?");
      values.add(filter.since());
    }
    if (before != null) {
      query.append(" AND (ended_at, run, number) < (?, ?, ?)");
      values.addAll(List.of(before.at(), before.run(), before.number()));
    }
    query.append(" ORDER BY ended_at DESC, run DESC, number DESC LIMIT ?");
    values.add(limit);
    return database.read(
        "list",
        db -> List.copyOf(Sql.list(db, query.toString(), JdbcAudit::read, values.toArray())));
  }

  private static void add(
      StringBuilder query, List<Object> values, String condition, @Nullable Object wanted) {
    if (wanted != null) {
      query.append(condition);
      values.add(wanted.toString());
    }
  }

  @Override
  public List<OpenRun> listOpenRuns(Instant seenBefore, String after, int limit) {
    return database.read(
        "listOpenRuns",
        db ->
            List.copyOf(
                Sql.list(
                    db,
                    listOpen,
                    row -> new OpenRun(row.getString("id"), instant(row, "seen_at")),
                    seenBefore,
                    after,
                    limit)));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(Sql.instant(row, column), column);
  }

  private static @Nullable Object[] columns(AuditRecord record) {
    Position position = record.position();
    Actor actor = record.actor();
    Subject subject = record.subject();
    Verdict verdict = record.verdict();
    return new @Nullable Object[] {
      position.run(),
      position.number(),
      position.at(),
      record.kind().name(),
      text(actor.who()),
      text(actor.onBehalfOf()),
      text(actor.environment()),
      text(actor.flow()),
      text(subject.connector()),
      text(subject.operation()),
      text(subject.effect()),
      text(subject.connection()),
      text(subject.account()),
      text(subject.origin()),
      verdict.allowed(),
      text(verdict.rule()),
      text(verdict.result()),
      record.took().toNanos()
    };
  }

  /** A record that the database cannot take would keep all others from being stored. */
  private static @Nullable String text(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    String text = value.toString();
    return text.chars().allMatch(JdbcAudit::isStorable) ? text : storable(text);
  }

  private static String storable(String value) {
    StringBuilder text = new StringBuilder();
    value.codePoints().map(c -> isStorable(c) ? c : '?').forEach(text::appendCodePoint);
    return text.toString();
  }

  /** PostgreSQL has no zero in texts, and UTF-8 no half of a character. */
  private static boolean isStorable(int c) {
    return c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
  }

  private static AuditRecord read(ResultSet row) throws SQLException {
    return new AuditRecord(
        new Position(instant(row, "ended_at"), row.getString("run"), row.getLong("number")),
        Kind.valueOf(row.getString("kind")),
        new Actor(
            read(row, "principal", Principal::parse),
            read(row, "on_behalf_of", Principal::parse),
            read(row, "environment", Environment::of),
            row.getString("flow")),
        new Subject(
            read(row, "connector", ConnectorId::of),
            row.getString("operation"),
            read(row, "effect", Effect::valueOf),
            read(row, "connection_id", ConnectionId::new),
            row.getString("account"),
            row.getString("origin"),
            row.getString("gateway")),
        new Verdict(row.getBoolean("allowed"), row.getString("rule_text"), row.getString("result")),
        Duration.ofNanos(row.getLong("took_nanos")));
  }

  private static <T> @Nullable T read(ResultSet row, String column, Function<String, T> reader)
      throws SQLException {
    String text = row.getString(column);
    return text == null ? null : reader.apply(text);
  }
}
