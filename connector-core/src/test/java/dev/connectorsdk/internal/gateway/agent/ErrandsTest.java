package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.internal.gateway.line.Frame;
import dev.connectorsdk.internal.gateway.line.FrameWire;
import dev.connectorsdk.internal.gateway.line.Line;
import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.StuckWire;
import dev.connectorsdk.internal.http.RelayedExchanges;
import dev.connectorsdk.internal.http.Transport;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member says of answers while its socket takes nothing. */
@Timeout(60)
class ErrandsTest {

  @AutoClose private final GatewayWorld world = new GatewayWorld();
  @AutoClose private final Transport inside = world.inside();
  private final StuckWire wire = new StuckWire();

  ErrandsTest() throws IOException {}

  private static void cut(Socket client, String length) throws IOException {
    LocalServer.head(client.getInputStream());
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 429 Too Many\r\n" + length + "\r\nabc").getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10\r\n", "Content-Length: 100000\r\n"})
  void anAnswerThatIsCutIsToldAsFarAsItCame(String length) throws Exception {
    try (LocalServer service = new LocalServer(client -> cut(client, length))) {
      String url = "http://localhost:" + service.port();
      Opened opened = new Opened();
      Line line = new Line(wire, opened, world.settings("a", GatewayWorld.key(), 1).line(), false);
      line.drain();
      wire.begun.await();
      line.receive(FrameWire.message(open(url)));

      errands(url).run(opened.stream);

      wire.goesOn.countDown();
      assertThat(wire.messages.take()).extracting(Frame::type).containsExactly(Frame.Type.DRAIN);
      List<Frame> told = wire.messages.take();
      assertThat(told)
          .extracting(Frame::type)
          .containsExactly(Frame.Type.ANSWER, Frame.Type.DATA, Frame.Type.RESET);
      assertThat(told.get(0).payload().utf8()).contains("\"status\":429");
      assertThat(told.get(1).payload().utf8()).isEqualTo("abc");
      assertThat(line.inFlight()).isZero();
    }
  }

  private static Frame open(String url) {
    String head = "{\"method\":\"GET\",\"url\":\"" + url + "/x\",\"connect\":5000,\"read\":5000}";
    return new Frame(Frame.Type.OPEN, Frame.END, 1, ByteString.encodeUtf8(head));
  }

  private Errands errands(String url) {
    return new Errands(
        AllowedOrigins.of(List.of(url), news -> {}),
        GatewayWorld.NO_CREDENTIALS,
        new RelayedExchanges(inside),
        world.mapper,
        Clock.systemUTC());
  }

  private static final class Opened implements Line.Listener {

    private LineStream stream;

    @Override
    public void opened(LineStream opened) {
      stream = opened;
    }

    @Override
    public void greeted(Frame frame) {
      throw new AssertionError(frame);
    }

    @Override
    public void asked(int question, ByteString text) {
      throw new AssertionError(text);
    }

    @Override
    public void draining() {
      throw new AssertionError("draining");
    }

    @Override
    public void ended(String why) {
      // The test is over.
    }
  }
}
