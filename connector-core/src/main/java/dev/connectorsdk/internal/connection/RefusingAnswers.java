package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption.RefusingAnswer;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sees refusals of the credential in the answers that an auth option names. */
final class RefusingAnswers implements Authenticator {

  private static final String HEADER = "header:";

  private final List<RefusingAnswer> answers;
  private final boolean seesSuccess;
  private final Authenticator authenticator;

  RefusingAnswers(List<RefusingAnswer> answers, Authenticator authenticator) {
    this.answers = answers;
    this.authenticator = authenticator;
    this.seesSuccess =
        authenticator.seesSuccess()
            || answers.stream().anyMatch(answer -> answer.status() / 100 == 2);
  }

  @Override
  public long authenticate(AuthRequest request) {
    return authenticator.authenticate(request);
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    return authenticator.renew(refused, deadline);
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    return answers.stream().anyMatch(refusing -> isLike(refusing, answer))
        || authenticator.isRefusal(answer);
  }

  @Override
  public boolean seesSuccess() {
    return seesSuccess;
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    return authenticator.keepAlive(lastUsedBefore);
  }

  private static boolean isLike(RefusingAnswer refusing, HttpResponse answer) {
    String place = refusing.place();
    if (refusing.status() != answer.status() || place == null) {
      return refusing.status() == answer.status();
    }
    String said = said(place, answer);
    return said != null && (refusing.values().isEmpty() || refusing.values().contains(said));
  }

  private static @Nullable String said(String place, HttpResponse answer) {
    if (place.startsWith(HEADER)) {
      return answer.header(place.substring(HEADER.length()));
    }
    try {
      JsonNode found = answer.json().at(place);
      return found.isMissingNode() || found.isNull() ? null : found.asString(found.toString());
    } catch (ResponseException e) {
      return null;
    }
  }
}
