package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import dev.connectorsdk.internal.definition.request.RequestBuilder;
import dev.connectorsdk.internal.http.ReadOnce;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls one operation. Immutable and safe for use by several threads. */
public final class OperationClient {

  private final Operation operation;
  private final Operations operations;
  private final RequestBuilder requests;

  OperationClient(Operation operation, Operations operations) {
    this.operation = operation;
    this.operations = operations;
    this.requests =
        new RequestBuilder(operation.request(), operations.schemas(), operations.expressions());
  }

  /**
   * Returns what would be sent for an input.
   *
   * @throws OperationUnsupportedException if the operation cannot be called
   */
  public OutgoingRequest request(JsonNode given) {
    if (!operation.isSupported()) {
      throw new OperationUnsupportedException(
          operation.id(), String.join("; ", operation.obstacles()));
    }
    return requests.build(given);
  }

  /** Runs the operation as a caller does: waits for work that goes on, and collects pages. */
  public JsonNode call(JsonNode given, ActionContext context) {
    OperationCall call = open(request(given), context);
    HttpResponse answer = call.finished();
    JsonNode output = operation.answer().output(answer, call.file());
    ReadOnce.release(answer);
    if (call.items() > 0) {
      FurtherPages.collect(operation, operations.schemas(), output, call.items(), call);
    }
    return output;
  }

  /**
   * Runs the operation once, as a trigger does: its request may be changed before it is sent, and a
   * {@code Location} of its answer is absolute.
   */
  public JsonNode exchange(
      JsonNode given, ActionContext context, Consumer<OutgoingRequest> change) {
    OutgoingRequest request = request(given);
    change.accept(request);
    OperationCall call = open(request, context);
    return located(call.send(), call);
  }

  /**
   * Gets what an answer to the operation has pointed to, if that is on the connection's hosts. A
   * {@code Location} of the next answer is absolute.
   *
   * @throws ResponseException if it is no URL
   */
  public JsonNode follow(JsonNode given, ActionContext context, String link) {
    OperationCall call = open(request(given), context);
    HttpResponse answer = call.follow(link);
    if (answer == null) {
      throw new ResponseException("The header Location of the service's answer is no URL");
    }
    return located(answer, call);
  }

  private OperationCall open(OutgoingRequest request, ActionContext context) {
    return new OperationCall(operation, request, context);
  }

  /** What is read later no longer knows which URL a link counts from. */
  private JsonNode located(HttpResponse answer, OperationCall call) {
    JsonNode output = output(answer);
    HttpUrl target = call.target(answer.header("Location"));
    if (target != null && output.path("headers") instanceof ObjectNode headers) {
      headers.put("location", target.uri().toString());
    }
    return output;
  }

  private JsonNode output(HttpResponse answer) {
    return operation.answer().output(answer, null);
  }
}
