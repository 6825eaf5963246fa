package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.agent.Dialling.NodeHeld;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.line.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Holds a line to each process of the host for as long as it runs, and dials again for ever after
 * faults. {@code lock} guards what {@link #run} waits for.
 */
public final class Agent implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  private static final long LOOK_MILLIS = 50;

  /** How long a dial may take at first beside lines that may have to be dialled again meanwhile. */
  private static final Duration SEARCH = Duration.ofSeconds(3);

  private final Dialling dialling;
  private final AgentSettings settings;
  private final Errands errands;
  private final Consumer<String> people;
  private final Pauses pauses;
  private final Pauses searching;
  private final Set<Held> lines = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean isNews; // guarded by lock
  private Set<String> wanted = Set.of(); // of the thread that runs
  private String told = ""; // of the thread that runs
  private volatile boolean draining;
  private volatile boolean closed;

  private record Held(AgentLine line, long since) {}

  /**
   * Returns an agent that dials when it is run.
   *
   * @param people are told when a line begins and ends, and why there is none
   */
  public Agent(AgentSettings settings, Errands errands, Consumer<String> people) {
    this.settings = settings;
    this.dialling = new Dialling(settings);
    this.errands = errands;
    this.people = people;
    this.pauses = Pauses.forFaults(settings.random());
    this.searching = Pauses.forSearches(settings.random());
  }

  /**
   * Holds lines until this is closed or the thread is interrupted.
   *
   * @throws LineRefused if the host does not want this member, however often it tries
   */
  public void run() throws LineRefused, InterruptedException {
    while (!closed) {
      boolean endedYoung = forgetEnded();
      lookForNews();
      if (!draining && isOneMissing()) {
        if (endedYoung) {
          awaitEnd(connected() > 0 ? searching.next() : pauses.next());
        }
        dial();
      } else {
        awaitNews();
      }
    }
  }

  /** Returns to how many processes of the host there is a line. */
  public int connected() {
    return (int) lines.stream().filter(held -> isUseful(held.line())).count();
  }

  private static boolean isUseful(AgentLine line) {
    return !line.isOver() && !line.isDraining();
  }

  /** Returns whether a line has ended before it had proven itself. */
  private boolean forgetEnded() throws LineRefused {
    List<Held> ended = lines.stream().filter(held -> held.line().isOver()).toList();
    boolean endedYoung = false;
    for (Held held : ended) {
      requireNotRefused(held.line().refusal());
      long age = settings.line().nanos().getAsLong() - held.since();
      if (pauses.endedHealthy(Duration.ofNanos(age))) {
        searching.reset();
      } else {
        endedYoung = true;
      }
    }
    ended.forEach(lines::remove);
    if (!ended.isEmpty() && !closed) {
      tell(lines.isEmpty() ? "The line to the host has ended" : "A line to the host has ended");
    }
    return endedYoung;
  }

  private void requireNotRefused(@Nullable Refusal refusal) throws LineRefused {
    if (refusal != null && refusal.reason().isFinal() && !closed) {
      throw new LineRefused(refusal);
    }
  }

  /** Another process is looked for without delay. */
  private void lookForNews() {
    Set<String> now = wantedNodes();
    if (!now.equals(wanted)) {
      wanted = now;
      searching.reset();
    }
  }

  private boolean isOneMissing() {
    return connected() == 0 || !heldNodes().containsAll(wantedNodes());
  }

  private Set<String> wantedNodes() {
    return lines.stream()
        .map(Held::line)
        .filter(Agent::isUseful)
        .flatMap(line -> line.nodes().stream())
        .collect(Collectors.toSet());
  }

  private Set<String> heldNodes() {
    return lines.stream().map(one -> one.line().node()).collect(Collectors.toSet());
  }

  private void dial() throws LineRefused, InterruptedException {
    boolean isSearch = connected() > 0;
    boolean isShort = isSearch && searching.areShort();
    try {
      AgentLine line =
          dialling.dial(
              Purpose.TRAFFIC, errands::run, heldNodes(), isShort ? SEARCH : Dialling.GREETING);
      lines.add(new Held(line, settings.line().nanos().getAsLong()));
      line.whenChanged(this::signal);
      log.info("Connected to {} of {}", line.node(), settings.address().host());
      tell("There is a line to process " + line.node() + " of " + settings.address().host());
      if (closed) {
        line.close();
      }
    } catch (LineRefused e) {
      requireNotRefused(e.refusal());
      pause(e);
    } catch (NodeHeld e) {
      log.debug("Another process of {} is looked for", settings.address().host());
      awaitNews(searching.next());
    } catch (IOException e) {
      if (isSearch) {
        log.atLevel(isShort ? Level.DEBUG : Level.INFO)
            .log("A process of {} does not answer: {}", settings.address().host(), e.getMessage());
        awaitNews(searching.next());
      } else {
        pause(e);
      }
    }
  }

  private void pause(IOException why) throws InterruptedException {
    if (closed) {
      return;
    }
    tell(
        "No line to "
            + settings.address().host()
            + ": "
            + why.getMessage()
            + "; it goes on trying");
    long millis = pauses.next();
    log.info(
        "No line to {}: {}; trying again in {} ms",
        settings.address().host(),
        why.getMessage(),
        millis);
    awaitEnd(millis);
  }

  /** Not what was told last. */
  private void tell(String news) {
    if (!news.equals(told)) {
      told = news;
      people.accept(news);
    }
  }

  private void signal() {
    lock.lock();
    try {
      isNews = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitNews() throws InterruptedException {
    lock.lock();
    try {
      while (!isNews && !closed) {
        changed.await();
      }
      isNews = false;
    } finally {
      lock.unlock();
    }
  }

  private void awaitNews(long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (!isNews && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      isNews = false;
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd(long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the host begin nothing more here, waits until what is under way is done, and closes.
   *
   * @param most how long that may take
   */
  public void drain(Duration most) throws InterruptedException {
    draining = true;
    lines.forEach(held -> held.line().drain());
    long deadline = System.nanoTime() + most.toNanos();
    while (lines.stream().anyMatch(held -> held.line().inFlight() > 0)
        && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    close();
  }

  /** Ends all lines, and what is under way on them. */
  @Override
  public void close() {
    closed = true;
    lines.forEach(held -> held.line().close());
    dialling.close();
    signal();
  }
}
