package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token in each form, which a page of another site does not know. It follows from the browser
 * session, so any process of the host checks it; and it looks different in each page, so that
 * compressed answers tell nothing about it.
 */
final class FormToken {

  static final String FIELD = "form_token";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int LENGTH = 32;

  private FormToken() {}

  static String of(Secret session) {
    byte[] pad = new byte[LENGTH];
    RANDOM.nextBytes(pad);
    byte[] token = Arrays.copyOf(pad, 2 * LENGTH);
    byte[] known = known(session);
    for (int i = 0; i < LENGTH; i++) {
      token[LENGTH + i] = (byte) (pad[i] ^ known[i]);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  static boolean isOf(Secret session, String text) {
    byte[] token;
    try {
      token = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (token.length != 2 * LENGTH) {
      return false;
    }
    byte[] said = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      said[i] = (byte) (token[i] ^ token[LENGTH + i]);
    }
    return MessageDigest.isEqual(said, known(session));
  }

  private static byte[] known(Secret session) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(session.reveal().getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal("forms of the console".getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JVM has HmacSHA256", e);
    }
  }
}
