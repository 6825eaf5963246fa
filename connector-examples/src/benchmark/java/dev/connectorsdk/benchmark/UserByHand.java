package dev.connectorsdk.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.databind.json.JsonMapper;

/** Calls of many users as one writes them by hand: a row with the user's secret, kept for 5 s. */
final class UserByHand {

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<Integer, Known> known = new ConcurrentHashMap<>();
  private final SecretKey key = new SecretKeySpec(random(32), "AES");
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final DataSource pool;
  private final OkHttpClient client;
  private final String url;

  private record Known(String secret, long readAt) {}

  UserByHand(DataSource pool, OkHttpClient client, String url) {
    this.pool = pool;
    this.client = client;
    this.url = url;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  void make(int users) throws SQLException, GeneralSecurityException {
    try (Connection db = pool.getConnection()) {
      try (PreparedStatement create =
          db.prepareStatement(
              "CREATE TABLE user_secret (id INTEGER PRIMARY KEY, nonce BYTEA, secret BYTEA)")) {
        create.execute();
      }
      try (PreparedStatement insert =
          db.prepareStatement("INSERT INTO user_secret VALUES (?, ?, ?)")) {
        for (int user = 0; user < users; user++) {
          byte[] nonce = random(NONCE);
          insert.setInt(1, user);
          insert.setBytes(2, nonce);
          insert.setBytes(
              3,
              cipher(Cipher.ENCRYPT_MODE, nonce)
                  .doFinal(CannedService.KEY.getBytes(StandardCharsets.UTF_8)));
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  void call(int user) {
    Request request =
        new Request.Builder()
            .url(url + "/projects/facilities/tickets/T-20481?comments=5")
            .header(CannedService.KEY_HEADER, secret(user))
            .build();
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IllegalStateException("HTTP status " + response.code());
      }
      mapper.readValue(response.body().byteStream(), Tickets.Ticket.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String secret(int user) {
    Known there = known.get(user);
    long now = System.nanoTime();
    if (there == null || now - there.readAt() > FRESH_NANOS) {
      there = new Known(read(user), now);
      known.put(user, there);
    }
    return there.secret();
  }

  private String read(int user) {
    try (Connection db = pool.getConnection();
        PreparedStatement select =
            db.prepareStatement("SELECT nonce, secret FROM user_secret WHERE id = ?")) {
      select.setInt(1, user);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new String(
            cipher(Cipher.DECRYPT_MODE, row.getBytes(1)).doFinal(row.getBytes(2)),
            StandardCharsets.UTF_8);
      }
    } catch (SQLException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
