package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What services may send to fill the memory of those who ask them, by name. */
final class BadAnswers {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String GZIP = OK + "Content-Encoding: gzip\r\n\r\n";

  private BadAnswers() {}

  /** Sends something, and then something else without an end. */
  static Map<String, LocalServer.Service> overHttp1() throws IOException {
    String name = "n".repeat(50);
    Map<String, LocalServer.Service> all = new LinkedHashMap<>();
    all.put("no end of header lines", endless(OK, name + ": " + name + "\r\n"));
    all.put("no end of short header lines", endless(OK, "a:\n"));
    all.put("no end of empty header names", endless(OK, ":\n"));
    all.put("a header line without end", endless(OK + "a: ", name));
    all.put("a folded header without end", endless(OK + "a: b\r\n", " c\r\n"));
    all.put("a status line without end", endless("HTTP/1.1 200 ", name));
    all.put("no end of Continue", endless("", "HTTP/1.1 100 Continue\r\n\r\n"));
    all.put("no end of Early Hints", endless("", "HTTP/1.1 103 H\r\nLink: <" + name + ">\r\n\r\n"));
    all.put("an early hint without end", endless("HTTP/1.1 103 H\r\n", "a:\n"));
    all.put("a body without end", endless(OK + "\r\n", name));
    all.put("a body of a huge length", endless(OK + "Content-Length: 9999999999\r\n\r\n", name));
    all.put("no end of chunks", endless(CHUNKED, "400\r\n" + "x".repeat(1024) + "\r\n"));
    all.put("a huge chunk", endless(CHUNKED + "7fffffffff\r\n", name));
    all.put("a chunk extension without end", endless(CHUNKED + "4;", name));
    all.put("the size of a chunk without end", endless(CHUNKED, "0"));
    all.put("a chunk that does not end where it should", endless(CHUNKED + "1\r\nx", name));
    all.put("no end of extended chunks", endless(CHUNKED, "1;" + name.repeat(80) + "\r\nx\r\n"));
    all.put("no end of trailers", endless(CHUNKED + "0\r\n", name + ": " + name + "\r\n"));
    all.put("no end of short trailers", endless(CHUNKED + "0\r\n", "a:\n"));
    all.put(
        "no end of short trailers after a large body",
        endless(CHUNKED + "9ffff0\r\n" + "x".repeat(0x9ffff0) + "\r\n0\r\n", "a:\n"));
    all.put("a trailer without end", endless(CHUNKED + "0\r\na: ", name));
    all.put("a small answer that gets huge", gzipOf(500_000_000));
    all.put("a gzip file name without end", endless(gzipHead(8), name));
    all.put("a gzip comment without end", endless(gzipHead(16), name));
    all.put("no end of empty gzip members", endless(GZIP, new String(gzip(0), ISO_8859_1)));
    for (String status : new String[] {"302 Found", "401 No", "404 No", "429 No", "500 No"}) {
      String head = "HTTP/1.1 " + status + "\r\nLocation: /x\r\n";
      all.put(status + " without end", endless(head + "\r\n", name));
      all.put(
          status + " with a chunk extension without end",
          endless(head + "Transfer-Encoding: chunked\r\n\r\n4;", name));
    }
    all.put("something else than HTTP", endless("SSH-2.0-OpenSSH_9.6\r\n", name));
    all.put("zeros", endless("", "\0\0\0\0"));
    return all;
  }

  private static String gzipHead(int flags) {
    return GZIP + "\u001f\u008b\u0008" + (char) flags + "\0\0\0\0\0\0";
  }

  private static LocalServer.Service endless(String first, String again) {
    byte[] once = first.getBytes(ISO_8859_1);
    byte[] many = again.repeat(Math.max(1, 16_384 / again.length())).getBytes(ISO_8859_1);
    return client -> {
      if (readHead(client)) {
        OutputStream out = client.getOutputStream();
        out.write(once);
        while (true) {
          out.write(many);
        }
      }
    };
  }

  private static boolean readHead(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return line != null;
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int left = zeros; left > 0; left -= 1_000_000) {
        gzip.write(new byte[1_000_000]);
      }
    }
    return bytes.toByteArray();
  }

  private static LocalServer.Service gzipOf(int zeros) throws IOException {
    byte[] bytes = gzip(zeros);
    return client -> {
      if (readHead(client)) {
        client.getOutputStream().write(GZIP.getBytes(ISO_8859_1));
        client.getOutputStream().write(bytes);
      }
    };
  }

  // ---- HTTP/2: frames.

  /** Answers each stream of HTTP/2 with frames without end. */
  static Map<String, LocalServer.Service> overHttp2() {
    byte[] ok = {(byte) 0x88};
    byte[] empty = {0, 0, 0};
    Map<String, LocalServer.Service> all = new LinkedHashMap<>();
    all.put("headers that go on", frames(frame(1, 0, 1, ok), frame(9, 0, 1, new byte[9_000])));
    all.put(
        "a packed header that goes on",
        frames(frame(1, 0, 1, ok), frame(9, 0, 1, many(new byte[] {(byte) 0x82}))));
    all.put("empty headers that go on", frames(frame(1, 0, 1, ok), frame(9, 0, 1, many(empty))));
    all.put("nothing that goes on", frames(frame(1, 0, 1, ok), frame(9, 0, 1, new byte[0])));
    byte[] hint = {0x08, 3, '1', '0', '3'};
    all.put("no end of interim answers", frames(new byte[0], frame(1, 4, 1, hint)));
    all.put(
        "no end of large interim answers",
        frames(new byte[0], frame(1, 4, 1, joined(hint, many(empty)))));
    byte[] begun = frame(1, 4, 1, ok);
    all.put("no end of data", frames(begun, frame(0, 0, 1, new byte[16_384])));
    all.put("no end of small data", frames(begun, frame(0, 0, 1, new byte[1])));
    all.put("no end of empty data", frames(begun, frame(0, 0, 1, new byte[0])));
    all.put("data of unknown streams", frames(begun, frame(0, 0, 77, new byte[1])));
    all.put("data that nobody asked for", frames(begun, frame(0, 0, 2, new byte[16_384])));
    all.put("padded data", frames(begun, frame(0, 8, 1, joined(new byte[] {99}, new byte[99]))));
    all.put("no end of trailers", frames(begun, frame(1, 4, 1, many(empty))));
    all.put("no end of settings", frames(begun, frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 9})));
    all.put("no end of large settings", frames(begun, frame(4, 0, 0, new byte[16_380])));
    all.put("no end of pings", frames(begun, frame(6, 0, 0, new byte[8])));
    all.put("no end of resets", frames(begun, frame(3, 0, 78, new byte[] {0, 0, 0, 8})));
    all.put("no end of going away", frames(begun, frame(7, 0, 0, new byte[16_384])));
    all.put("no end of windows", frames(begun, frame(8, 0, 0, new byte[] {0, 0, 0, 1})));
    all.put("no end of unknown frames", frames(begun, frame(99, 0, 1, new byte[16_384])));
    all.put("no end of promises", promises(begun));
    return all;
  }

  private static byte[] many(byte[] bytes) {
    byte[] all = new byte[9_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes[i % bytes.length];
    }
    return all;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  private static LocalServer.Service frames(byte[] first, byte[] again) {
    byte[] many = again;
    while (many.length < 8_192) {
      many = joined(many, many);
    }
    byte[] repeated = many;
    return client -> {
      OutputStream out = begin(client);
      out.write(first);
      while (true) {
        out.write(repeated);
      }
    };
  }

  private static LocalServer.Service promises(byte[] first) {
    return client -> {
      OutputStream out = begin(client);
      out.write(first);
      for (int stream = 2; ; stream += 2) {
        byte[] promised = ByteBuffer.allocate(4).putInt(stream).array();
        out.write(frame(5, 4, 1, joined(promised, new byte[] {(byte) 0x82})));
      }
    };
  }

  /** Ends where the client's first request does. */
  private static OutputStream begin(Socket client) throws IOException {
    if (client instanceof SSLSocket tls) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      tls.setSSLParameters(parameters);
    }
    var in = new DataInputStream(client.getInputStream());
    in.readFully(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length()]);
    OutputStream out = client.getOutputStream();
    out.write(frame(4, 0, 0, new byte[0]));
    int type = 0;
    while (type != 1) {
      int head = in.readInt();
      type = head & 0xff;
      in.readFully(new byte[5 + (head >>> 8)]);
    }
    return out;
  }
}
