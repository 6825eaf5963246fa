package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;

/** The service of the application: users sign in, tasks are added and done. */
final class TasksSite implements AutoCloseable {

  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));

  TasksSite() {
    server.start();
    server.stubFor(any(anyUrl()).atPriority(10).willReturn(okJson("{}")));
    server.stubFor(
        post(urlPathEqualTo("/token"))
            .willReturn(
                okJson(
                    "{'access_token':'a1','token_type':'Bearer','expires_in':3600,'refresh_token':'r1'}"
                        .replace('\'', '"'))));
    server.stubFor(
        post(urlPathEqualTo("/api/tasks")).willReturn(okJson("{\"id\":\"7\",\"title\":\"Milk\"}")));
    server.stubFor(
        get(urlPathEqualTo("/api/done"))
            .willReturn(okJson("{\"tasks\":[{\"id\":\"7\",\"title\":\"Milk\"}],\"next\":\"n1\"}")));
  }

  WireMockServer server() {
    return server;
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
