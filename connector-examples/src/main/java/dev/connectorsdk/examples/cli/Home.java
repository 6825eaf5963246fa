package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder in which a person's connections are kept: a database with the secrets encrypted, the
 * key next to it, and which definition each connection was made from. Only its owner can read it.
 *
 * <p>It is open while this object is, and then closed to other processes.
 */
final class Home implements AutoCloseable {

  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  /** What is stored with a token and says nothing that would have to be hidden. */
  private static final Set<String> KEPT_BESIDE_SECRETS =
      Set.of("token_type", "obtained_at", "expires_at", "scope");

  /** The slot of account, issuer and scopes: kept encrypted, but shown to their owner. */
  private static final String WHO_SIGNED_IN = "sign-in";

  /** For how long it is remembered who has done what. */
  private static final Duration KEPT = Duration.ofDays(400);

  private static final String DATABASE = "connections";
  private static final String KEYS = "keys";
  private static final String ORIGINS = "origins.json";

  private final Path folder;
  private final KeyRing keys;
  private final JdbcConnectionPool pool;
  private final JdbcStore store;
  private final ObjectNode origins;

  /**
   * Where a connection comes from.
   *
   * @param definition its definition, with the corrections that it was made with
   * @param client the person's OAuth client, or {@code null} if there is none
   */
  record Origin(DefinitionSource definition, @Nullable ClientRegistration client) {

    /** Returns the connector as the connection was made with it. */
    Connector connector(ConnectorId id) {
      return definition.load(id).connector();
    }
  }

  private Home(
      Path folder, KeyRing keys, JdbcConnectionPool pool, JdbcStore store, ObjectNode origins) {
    this.folder = folder;
    this.keys = keys;
    this.pool = pool;
    this.store = store;
    this.origins = origins;
  }

  /** Returns who uses the command line. */
  static Caller me() {
    String user = System.getProperty("user.name", "");
    return Principal.user(user.isBlank() ? "me" : user).in("default");
  }

  static Path folder(@Nullable Path given) {
    return given == null ? Path.of(System.getProperty("user.home", "."), ".connectors") : given;
  }

  /** Returns whether there is anything in the folder. */
  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(KEYS));
  }

  static Home open(Path folder) throws IOException {
    createFolder(folder);
    Path keyFile = folder.resolve(KEYS);
    KeyRing keys = KeyRing.loadOrCreate(keyFile, "home-1");
    Path database = folder.resolve(DATABASE + ".mv.db");
    if (!Files.exists(database)) {
      Files.createFile(database, attributes(folder, OWNER_FILE));
    }
    String url =
        "jdbc:h2:file:" + folder.toAbsolutePath().resolve(DATABASE) + ";TRACE_LEVEL_FILE=0";
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    try {
      JdbcStore store = JdbcStore.builder(pool).build();
      return new Home(folder, keys, pool, store, readOrigins(folder));
    } catch (RuntimeException e) {
      pool.dispose();
      throw new FailedException(
          "cannot open the connections in "
              + folder
              + "; another connectors command may be at work there: try again");
    }
  }

  private static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(folder, attributes(folder, OWNER_FOLDER));
      return;
    }
    if (isPosix(folder)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      if (!OWNER_FOLDER.containsAll(permissions)) {
        throw new FailedException(
            "others may look into " + folder + ", which is to hold keys: chmod 700 " + folder);
      }
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static ObjectNode readOrigins(Path folder) {
    try {
      Path file = folder.resolve(ORIGINS);
      return Files.exists(file)
              && Json.MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object
          ? object
          : Json.object();
    } catch (IOException | JacksonException e) {
      return Json.object();
    }
  }

  /**
   * Returns a builder for a runtime that reaches all that this machine reaches, as whoever runs the
   * command line does anyway.
   */
  static RuntimeBuilder builder() {
    return ConnectorRuntime.builder().addressPolicy(AddressPolicy.allowAll());
  }

  /** Returns a builder for a runtime that works on what is stored here. Close it before this. */
  RuntimeBuilder runtime() {
    // Who could misuse this can read the keys, which are beside the database.
    return builder()
        .store(store, keys)
        .bindFormerCredentials()
        .audit(AuditSettings.inStore().keptFor(KEPT));
  }

  /** Returns a runtime that knows no connector: enough to list connections. */
  ConnectorRuntime bare() {
    return runtime().build();
  }

  /** Returns a builder for a runtime with the connector of one connection. */
  RuntimeBuilder runtime(Connector connector, Connection connection) {
    return withClient(runtime(), connector, connection);
  }

  /**
   * Returns a builder for a runtime with these connectors; those of stored connections are as the
   * connections were made with them, with the person's OAuth clients.
   *
   * @throws UsageException if connections to one connector were made with different definitions: a
   *     secret would go where another connection's service is
   */
  RuntimeBuilder runtime(Collection<Connector> connectors) {
    Map<ConnectorId, Connector> all = new LinkedHashMap<>();
    connectors.forEach(connector -> all.put(connector.id(), connector));
    RuntimeBuilder builder = runtime();
    Map<ConnectorId, Optional<DefinitionSource>> from = new HashMap<>();
    Set<String> clients = new HashSet<>();
    try (ConnectorRuntime bare = bare()) {
      for (Connection connection : bare.connections().list(me())) {
        ConnectorId id = connection.connector();
        if (!all.containsKey(id)) {
          continue;
        }
        Origin origin = origin(connection.id());
        var source = Optional.ofNullable(origin).map(Origin::definition);
        var known = from.putIfAbsent(id, source);
        if (known != null && !known.equals(source)) {
          throw new UsageException(
              "connections to '"
                  + id
                  + "' were made with different definitions, overlays or base URLs: keep those of"
                  + " one in a --home of their own");
        }
        if (origin == null) {
          continue;
        }
        Connector connector = made(origin, connection);
        all.put(id, connector);
        ClientRegistration client = origin.client();
        String option = connection.authOption();
        if (client != null
            && connector.authOption(option).isPresent()
            && clients.add(id + " " + option)) {
          builder.client(id.value(), option, client);
        }
      }
    }
    return builder.connectors(all.values());
  }

  /** Returns a connection's own connector; another one might send its secret elsewhere. */
  private static Connector made(Origin origin, Connection connection) {
    try {
      return origin.connector(connection.connector());
    } catch (ConnectorException | UsageException e) {
      throw new UsageException(
          "what connection '"
              + connection.displayName()
              + "' was made with cannot be loaded: "
              + e.getMessage());
    }
  }

  private RuntimeBuilder withClient(
      RuntimeBuilder runtime, Connector connector, Connection connection) {
    RuntimeBuilder builder = runtime.connector(connector);
    Origin origin = origin(connection.id());
    ClientRegistration client = origin == null ? null : origin.client();
    // The definition may have lost the option since.
    return client == null || connector.authOption(connection.authOption()).isEmpty()
        ? builder
        : builder.client(connection.connector().value(), connection.authOption(), client);
  }

  /**
   * Returns a builder for a runtime that works on a copy of one connection in memory. Nothing that
   * it does changes what is stored.
   */
  RuntimeBuilder copy(Connector connector, Connection connection) {
    InMemoryStore memory = new InMemoryStore();
    memory.insertConnection(
        store.findConnection(connection.id()).orElseThrow(),
        store.listCredentials(connection.id()));
    return withClient(builder().store(memory, keys), connector, connection);
  }

  /** Returns a connection's status as it is stored, whether its connector is known here or not. */
  ConnectionStatus status(Connection connection) {
    return store
        .findConnection(connection.id())
        .map(StoredConnection::status)
        .orElseGet(connection::status);
  }

  /** Returns every secret of a connection, to hide them. */
  List<Secret> secrets(ConnectionId id) {
    List<Secret> secrets = new ArrayList<>();
    for (StoredCredential credential : store.listCredentials(id)) {
      if (!credential.slot().equals(WHO_SIGNED_IN)) {
        secrets.addAll(secrets(credential));
      }
    }
    Origin origin = origin(id);
    secrets.addAll(ServiceOptions.secrets(origin == null ? null : origin.client()));
    return secrets;
  }

  private List<Secret> secrets(StoredCredential credential) {
    Secret named = credential.decrypt(keys);
    return Json.MAPPER
        .readTree(named.reveal())
        .propertyStream()
        .filter(secret -> !KEPT_BESIDE_SECRETS.contains(secret.getKey()))
        .map(secret -> Secret.of(secret.getValue().asString()))
        .toList();
  }

  /** Returns where a connection comes from, or {@code null} if that is not known. */
  @Nullable Origin origin(ConnectionId id) {
    JsonNode origin = origins.path(id.value());
    if (!origin.path("definition").isString()) {
      return null;
    }
    JsonNode overlay = origin.path("overlay");
    JsonNode baseUrl = origin.path("baseUrl");
    DefinitionSource definition =
        new DefinitionSource(
            Path.of(origin.path("definition").stringValue()),
            overlay.isString() ? Path.of(overlay.stringValue()) : null,
            baseUrl.isString() ? baseUrl.stringValue() : null);
    return new Origin(definition, client(id, origin.path("client")));
  }

  private @Nullable ClientRegistration client(ConnectionId id, JsonNode encrypted) {
    if (!encrypted.isString()) {
      return null;
    }
    JsonNode client =
        Json.MAPPER.readTree(keys.decrypt(encrypted.stringValue(), client(id)).reveal());
    String clientId = client.path("id").asString("");
    return registration(clientId, client)
        .sentTo(
            client.path("origins").valueStream().map(o -> o.asString("")).toArray(String[]::new));
  }

  private static ClientRegistration registration(String clientId, JsonNode client) {
    JsonNode secret = client.path("secret");
    JsonNode key = client.path("key");
    if (key.isString()) {
      JsonNode keyId = client.path("keyId");
      return ClientRegistration.withKey(
          clientId, Secret.of(key.stringValue()), keyId.isString() ? keyId.stringValue() : null);
    }
    return secret.isString()
        ? ClientRegistration.of(clientId, Secret.of(secret.stringValue()))
        : ClientRegistration.publicClient(clientId);
  }

  private static Place client(ConnectionId id) {
    return new Place(id.value(), "client", 1);
  }

  void remember(ConnectionId id, Origin origin) throws IOException {
    ObjectNode entry = origins.putObject(id.value());
    DefinitionSource definition = origin.definition();
    entry.put("definition", absolute(definition.folder()));
    Path overlay = definition.overlay();
    if (overlay != null) {
      entry.put("overlay", absolute(overlay));
    }
    entry.put("baseUrl", definition.baseUrl());
    ClientRegistration client = origin.client();
    if (client != null) {
      ObjectNode plain = Json.object().put("id", client.clientId());
      Secret secret = client.clientSecret();
      if (secret != null) {
        plain.put("secret", secret.reveal());
      }
      Secret key = client.privateKey();
      if (key != null) {
        plain.put("key", key.reveal()).put("keyId", client.keyId());
      }
      client.origins().forEach(plain.putArray("origins")::add);
      entry.put("client", keys.encrypt(Secret.of(plain.toString()), client(id)));
    }
    writeOrigins();
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  void forget(ConnectionId id) throws IOException {
    origins.remove(id.value());
    writeOrigins();
  }

  private void writeOrigins() throws IOException {
    Path next = Files.createTempFile(folder, ORIGINS, ".tmp", attributes(folder, OWNER_FILE));
    Files.writeString(next, Json.pretty(origins));
    WholeFile.replace(next, folder.resolve(ORIGINS));
  }

  /**
   * Returns the connection that somebody named: by its id, the beginning of its id, or its name.
   *
   * @throws UsageException if there is not exactly one
   */
  static Connection named(String text, List<Connection> connections) {
    List<Connection> found = connections.stream().filter(c -> c.id().value().equals(text)).toList();
    if (found.isEmpty()) {
      found =
          connections.stream()
              .filter(
                  c ->
                      c.displayName().equalsIgnoreCase(text)
                          || (text.length() >= 4 && c.id().value().startsWith(text)))
              .toList();
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new UsageException(
        found.isEmpty()
            ? "no connection '" + text + "'; see: connectors connections"
            : "several connections are called '" + text + "': name one by its id");
  }

  @Override
  public void close() throws IOException {
    pool.dispose();
    if (!isPosix(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setPosixFilePermissions(file, OWNER_FILE);
      }
    }
  }
}
