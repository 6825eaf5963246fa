package dev.connectorsdk.testkit;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Learns from the code of an operation how it reads answers. */
final class WatchedCalls {

  private final LearntAnswers answers;
  private final PlayedService service;
  private final Supplier<ConnectorRuntime> runtime;

  WatchedCalls(LearntAnswers answers, PlayedService service, Supplier<ConnectorRuntime> runtime) {
    this.answers = answers;
    this.service = service;
    this.runtime = runtime;
  }

  private void learn(Type type, boolean isList) {
    List<PlayedRequest> requests = service.requests();
    if (!requests.isEmpty()) {
      answers.read(requests.get(requests.size() - 1).key(), type, isList, runtime.get());
    }
  }

  ActionContext watch(ActionContext context) {
    return new Context(context);
  }

  private final class Context implements ActionContext {

    private final ActionContext like;

    Context(ActionContext like) {
      this.like = like;
    }

    @Override
    public Connection connection() {
      return like.connection();
    }

    @Override
    public ConnectorHttp http() {
      return new Http(like.http());
    }

    @Override
    public Optional<String> idempotencyKey() {
      return like.idempotencyKey();
    }

    @Override
    public FileTarget target() {
      return like.target();
    }
  }

  private final class Http implements ConnectorHttp {

    private final ConnectorHttp like;

    Http(ConnectorHttp like) {
      this.like = like;
    }

    @Override
    public URI baseUrl() {
      return like.baseUrl();
    }

    @Override
    public HttpCall call(String method, String pathTemplate, Object... arguments) {
      return new Call(like.call(method, pathTemplate, arguments));
    }

    @Override
    public HttpCall callEncoded(String method, String target) {
      return new Call(like.callEncoded(method, target));
    }

    @Override
    public HttpResponse upload(HttpResponse opened, FileSource file, ChunkedUpload upload) {
      HttpResponse original = opened instanceof Answer answer ? answer.like : opened;
      return new Answer(like.upload(original, file, upload));
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      return like.unwrap(type);
    }
  }

  private final class Call implements HttpCall {

    private HttpCall like;

    Call(HttpCall like) {
      this.like = like;
    }

    private HttpCall with(HttpCall changed) {
      like = changed;
      return this;
    }

    @Override
    public HttpCall query(String name, @Nullable Object value) {
      return with(like.query(name, value));
    }

    @Override
    public HttpCall header(String name, @Nullable String value) {
      return with(like.header(name, value));
    }

    @Override
    public HttpCall json(Object value) {
      return with(like.json(value));
    }

    @Override
    public HttpCall form(Map<String, ?> fields) {
      return with(like.form(fields));
    }

    @Override
    public HttpCall multipart(List<Part> parts) {
      return with(like.multipart(parts));
    }

    @Override
    public HttpCall text(String text, String contentType) {
      return with(like.text(text, contentType));
    }

    @Override
    public HttpCall bytes(byte[] bytes, String contentType) {
      return with(like.bytes(bytes, contentType));
    }

    @Override
    public HttpCall file(FileSource file) {
      return with(like.file(file));
    }

    @Override
    public HttpCall chunked() {
      return with(like.chunked());
    }

    @Override
    public HttpCall expectContinue() {
      return with(like.expectContinue());
    }

    @Override
    public HttpCall accepting(int... statuses) {
      return with(like.accepting(statuses));
    }

    @Override
    public HttpCall token(String name) {
      return with(like.token(name));
    }

    @Override
    public HttpCall timeout(Duration timeout) {
      return with(like.timeout(timeout));
    }

    @Override
    public HttpResponse send() {
      return new Answer(like.send());
    }

    @Override
    public FileInfo download(FileTarget target) {
      answers.file();
      return like.download(target);
    }

    @Override
    public <T> Stream<T> pages(Paging paging, String itemsPointer, Class<T> items) {
      answers.pages(paging, itemsPointer, items, runtime.get());
      return like.pages(paging, itemsPointer, items);
    }
  }

  private final class Answer implements HttpResponse {

    private final HttpResponse like;

    Answer(HttpResponse like) {
      this.like = like;
    }

    @Override
    public int status() {
      return like.status();
    }

    @Override
    public @Nullable String header(String name) {
      return like.header(name);
    }

    @Override
    public Map<String, List<String>> headers() {
      return like.headers();
    }

    @Override
    public @Nullable String contentType() {
      return like.contentType();
    }

    @Override
    public <T> T as(Class<T> type) {
      learn(type, false);
      return like.as(type);
    }

    @Override
    public <T> T as(TypeReference<T> type) {
      learn(type.getType(), false);
      return like.as(type);
    }

    @Override
    public <T> List<T> asList(Class<T> elements) {
      learn(elements, true);
      return like.asList(elements);
    }

    @Override
    public JsonNode json() {
      return like.json();
    }

    @Override
    public String text() {
      return like.text();
    }

    @Override
    public byte[] bytes() {
      return like.bytes();
    }
  }
}
