package dev.connectorsdk.definition;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.internal.definition.policy.Script;
import dev.connectorsdk.internal.definition.policy.ScriptCall;
import dev.connectorsdk.internal.http.HeaderRules;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * A host's port of a script.
 *
 * @param port sees messages in its own form
 */
record PortedScript(ScriptPort port) implements Script {

  @Override
  public WireResponse run(ScriptCall call) throws Exception {
    return wire(port.run(new PortCall(call)));
  }

  private record PortCall(ScriptCall call) implements ScriptPort.Call {

    @Override
    public String operationId() {
      return call.operation();
    }

    @Override
    public ScriptPort.Request request() {
      return PortedScript.request(call.request());
    }

    @Override
    public ScriptPort.Response send(ScriptPort.Request request) {
      return response(call.send(wire(request, call.operation())));
    }
  }

  private static ScriptPort.Request request(WireRequest wire) {
    byte[] body = wire.body();
    return new ScriptPort.Request(
        wire.method(),
        wire.url().uri(),
        wire.headers().toMultimap(),
        body == null ? new byte[0] : body);
  }

  private static ScriptPort.Response response(WireResponse wire) {
    return new ScriptPort.Response(wire.status(), wire.headers().toMultimap(), wire.body());
  }

  private static WireRequest wire(ScriptPort.Request request, String operation) {
    HttpUrl url = HttpUrl.get(request.uri());
    if (url == null || !url.encodedUsername().isEmpty()) {
      throw new InvalidInputException(
          "the script of operation '" + operation + "'",
          "(URL)",
          "is not an http or https URL without user");
    }
    byte[] body = request.body().length == 0 ? null : request.body();
    return new WireRequest(
        request.method().toUpperCase(Locale.ROOT), url, headers(request.headers()), body);
  }

  private static WireResponse wire(ScriptPort.Response response) {
    return new WireResponse(response.status(), headers(response.headers()), response.body());
  }

  private static Headers headers(Map<String, List<String>> headers) {
    Headers.Builder built = new Headers.Builder();
    headers.forEach(
        (name, values) -> {
          if (!HeaderRules.isOfTransport(name)) {
            values.forEach(value -> add(built, name, value));
          }
        });
    return built.build();
  }

  private static void add(Headers.Builder headers, String name, String value) {
    try {
      headers.add(name, value);
    } catch (IllegalArgumentException quotesTheValue) {
      throw new InvalidInputException(
          "a script's header", name, "holds a character that is not allowed");
    }
  }
}
