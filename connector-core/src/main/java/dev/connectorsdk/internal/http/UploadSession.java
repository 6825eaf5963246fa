package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.api.file.FileProgress;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.HttpCall;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file in chunks, each from where the service says that it is. Belongs to one file.
 *
 * <p>Where nobody knows what became of a chunk, the service is asked. Chunks and questions count
 * together as the attempts of one request, until something has arrived.
 */
final class UploadSession {

  /** Statuses of a session besides those of success; 308 is Google's for a chunk but the last. */
  private static final int[] OF_SESSIONS = {308, 404, 408, 409, 410, 416, 500, 502, 503, 504};

  private final BoundHttp http;
  private final ChunkedUpload way;
  private final HttpUrl url;
  private final ChunkedFile file;
  private final @Nullable FileProgress progress;
  private final Repetition repetition;
  private long received;
  private long sent;
  private @Nullable ConnectorException failure;

  /**
   * @param url of the session
   * @param progress who is told how much has arrived, or {@code null} for nobody
   */
  UploadSession(
      BoundHttp http,
      ChunkedUpload way,
      HttpUrl url,
      ChunkedFile file,
      @Nullable FileProgress progress) {
    this.http = http;
    this.way = way;
    this.url = url;
    this.file = file;
    this.progress = progress;
    Request session = new Request.Builder().url(url).build();
    this.repetition = new Repetition(http, Draft.of(session), Long.MAX_VALUE, null);
  }

  /** Sends all of it, and returns the answer that says so. */
  BufferedResponse run() {
    while (true) {
      BufferedResponse answer = file.size() == 0 ? null : chunk();
      boolean isAsked = answer == null;
      while (answer == null) {
        answer = answer(way.query(http, url.toString(), file.size()));
        if (answer == null) {
          pause();
        }
      }
      if (isWhole(answer, isAsked)) {
        return answer;
      }
    }
  }

  private @Nullable BufferedResponse chunk() {
    byte[] chunk = file.chunk(received);
    sent = Math.max(sent, received + chunk.length);
    BufferedResponse answer = answer(way.chunk(http, url.toString(), chunk, received, file.size()));
    if (answer == null) {
      pause();
    }
    return answer;
  }

  /** Returns the answer to a request, or {@code null} if it does not say what has arrived. */
  private @Nullable BufferedResponse answer(HttpCall call) {
    BoundCall request = (BoundCall) call.accepting(OF_SESSIONS);
    if (!http.endpoint().allows(url)) {
      request.toFileHost();
    }
    BufferedResponse answer;
    try {
      answer = request.answerToOne();
    } catch (TransportException e) {
      if (!mayPass(e.kind())) {
        throw e;
      }
      failure = e;
      return null;
    } catch (ServiceException e) {
      if (!isLimit(e)) {
        throw e;
      }
      failure = e;
      return null;
    }
    return switch (answer.status()) {
      case 404, 410 -> throw refused(answer, ", whose upload session has ended with " + state());
      case 408, 409, 416, 500, 502, 503, 504 -> {
        failure = refused(answer, ", which has " + state());
        yield null;
      }
      default -> answer;
    };
  }

  private static boolean mayPass(Kind kind) {
    return switch (kind) {
      case CONNECT, GATEWAY, TIMEOUT, BROKEN_OFF -> true;
      case TLS, BUSY, PAUSED -> false;
    };
  }

  /** A service that is asked too often says when to come again, some by 403. */
  private static boolean isLimit(ServiceException e) {
    return e.status() == 429 || (e.status() == 403 && e.retryAfter().isPresent());
  }

  private ServiceException refused(BufferedResponse answer, String state) {
    return new ServiceException(
        answer.label() + state,
        answer.status(),
        answer.headers(),
        answer.errorText(),
        answer.retryAfter());
  }

  private String state() {
    String unconfirmed =
        received < file.size() && sent == file.size() ? " confirmed, and all of them sent" : "";
    return received + " of " + file.size() + " bytes" + unconfirmed + ",";
  }

  /** Waits after something that has brought nothing, as often as a request is repeated. */
  private void pause() {
    ConnectorException last = failure;
    if (last != null && !repetition.pausesAfter(last.getClass().getSimpleName(), wish(last))) {
      throw last;
    }
  }

  private static @Nullable Duration wish(ConnectorException last) {
    return last instanceof ServiceException answer ? answer.retryAfter().orElse(null) : null;
  }

  private boolean isWhole(BufferedResponse answer, boolean isAsked) {
    long now = way.received(answer);
    if (now < 0 && answer.isSuccess() && (!isAsked || way.endsWhenAsked())) {
      now = file.size();
    }
    if (now < 0 || now > sent) {
      throw new ResponseException(
          answer.label() + " says that another part of the file has arrived than was sent");
    }
    boolean isMore = now > received;
    received = now;
    if (isMore) {
      repetition.beginAgain();
      if (progress != null) {
        progress.moved(now, file.size());
      }
    } else if (now < file.size()) {
      failure = new ResponseException(answer.label() + " took nothing: it has " + state());
      pause();
    }
    return now == file.size();
  }
}
