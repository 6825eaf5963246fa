package dev.connectorsdk.examples.mcp;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A client with a person in front of it who says the same to every question. */
class AskedClient implements ToolClient {

  final List<String> questions = Collections.synchronizedList(new ArrayList<>());
  final List<URI> links = Collections.synchronizedList(new ArrayList<>());
  final CountDownLatch progress = new CountDownLatch(2);
  private final Reply reply;

  AskedClient(Reply reply) {
    this.reply = reply;
  }

  @Override
  public boolean asksPeople() {
    return true;
  }

  @Override
  public Reply ask(String question, Duration atMost) {
    questions.add(question);
    return reply;
  }

  @Override
  public boolean opensLinks() {
    return true;
  }

  @Override
  public Reply open(String reason, URI link, Duration atMost) {
    links.add(link);
    return reply;
  }

  @Override
  public boolean hearsProgress() {
    return true;
  }

  @Override
  public void progress(int step) {
    progress.countDown();
  }
}
