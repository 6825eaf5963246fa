#!/usr/bin/env bash
# H2 2.5.252, a database in a file with WRITE_DELAY=0: an update that was committed is undone by
# another session's rollback.
#
# Eight sessions raise a version number by
#   UPDATE t SET version = :next WHERE id = 1 AND version = :read
# and commit if one row was changed. Whoever has changed none ends the transaction, and there is
# nothing of its own to undo. If that is by ROLLBACK, now and then a row goes back to an earlier
# version that somebody else's committed update has replaced: two sessions have then raised the same
# version, and each was told of one changed row. If it is by COMMIT, this was never seen.
#
# Seen with OpenJDK 17 on two cores:
#   ended by ROLLBACK: 3 of 40 rounds lost an update
#   ended by COMMIT: 0 of 40 rounds lost an update
#
# Ends with 1 if no update is lost any more, or one is lost with COMMIT as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
  -Dartifact=com.h2database:h2:2.5.252 -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Rounds.java" <<'JAVA'
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class Rounds {
  public static void main(String[] arguments) throws Exception {
    int lost = 0;
    for (int round = 0; round < 40; round++) {
      lost += isLost(Path.of(arguments[0], arguments[1] + round), arguments[1]) ? 1 : 0;
    }
    System.out.println(lost);
  }

  static boolean isLost(Path file, String end) throws Exception {
    String url = "jdbc:h2:file:" + file + ";WRITE_DELAY=0";
    Set<Long> raised = ConcurrentHashMap.newKeySet();
    Set<Long> twice = ConcurrentHashMap.newKeySet();
    try (Connection open = DriverManager.getConnection(url, "sa", "")) {
      open.createStatement().execute("CREATE TABLE t(id INT PRIMARY KEY, version BIGINT, text VARCHAR)");
      open.createStatement().execute("INSERT INTO t VALUES (1, 1, '')");
      var threads = Executors.newFixedThreadPool(8);
      List<Future<?>> sessions = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sessions.add(
            threads.submit(
                () -> {
                  raise(url, end, raised, twice);
                  return null;
                }));
      }
      for (Future<?> session : sessions) {
        session.get();
      }
      threads.shutdown();
      return !twice.isEmpty() || version(open) != raised.size() + 1;
    }
  }

  static void raise(String url, String end, Set<Long> raised, Set<Long> twice) throws SQLException {
    try (Connection session = DriverManager.getConnection(url, "sa", "")) {
      for (int i = 0; i < 25; i++) {
        session.setAutoCommit(true);
        long read = version(session);
        session.setAutoCommit(false);
        if (update(session, read) == 1) {
          session.commit();
          if (!raised.add(read + 1)) {
            twice.add(read + 1);
          }
        } else if (end.equals("rollback")) {
          session.rollback();
        } else {
          session.commit();
        }
      }
    }
  }

  static long version(Connection session) throws SQLException {
    try (ResultSet row =
        session.createStatement().executeQuery("SELECT version FROM t WHERE id = 1")) {
      row.next();
      return row.getLong(1);
    }
  }

  static int update(Connection session, long read) throws SQLException {
    try (PreparedStatement update =
        session.prepareStatement("UPDATE t SET version = ?, text = ? WHERE id = 1 AND version = ?")) {
      update.setLong(1, read + 1);
      update.setString(2, "x".repeat(200));
      update.setLong(3, read);
      return update.executeUpdate();
    } catch (SQLException conflict) {
      return 0;
    }
  }
}
JAVA

rolled_back=0
for try in 1 2 3 4 5; do
  rolled_back=$(java -cp "$folder/lib/*" "$folder/Rounds.java" "$folder/$try" rollback)
  [ "$rolled_back" -gt 0 ] && break
done
committed=$(java -cp "$folder/lib/*" "$folder/Rounds.java" "$folder" commit)
echo "H2 2.5.252, $(java -version 2>&1 | head -n 1)"
echo "ended by ROLLBACK: $rolled_back of 40 rounds lost an update"
echo "ended by COMMIT: $committed of 40 rounds lost an update"
[ "$rolled_back" -gt 0 ] && [ "$committed" -eq 0 ]
