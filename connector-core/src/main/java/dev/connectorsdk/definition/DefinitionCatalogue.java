package dev.connectorsdk.definition;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.internal.definition.document.DefinitionContent;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionScan;
import dev.connectorsdk.internal.definition.document.ScannedDocument;
import dev.connectorsdk.internal.definition.document.ScannedOperation;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many definitions, of which only a list is kept in memory.
 *
 * <pre>{@code
 * DefinitionCatalogue catalogue = DefinitionCatalogue.load(Path.of("connectors"));
 * catalogue.broken().forEach(broken -> log.warn("{}", broken.problem().getMessage()));
 * try (var runtime = ConnectorRuntime.builder().connectors(catalogue.connectors()).build()) { ... }
 * }</pre>
 *
 * <p>Loading reads every file once, lists the operations, and refuses what {@link
 * Definition#load(Path)} refuses for the document as a whole. A definition is read again when it is
 * first needed, and {@linkplain #keepAtMost kept in memory} as long as there is room; so the
 * folders must not change. Safe for use by several threads.
 */
public final class DefinitionCatalogue {

  private static final long KEPT_BYTES = 64L * 1024 * 1024;

  private final Map<ConnectorId, Source> sources = new LinkedHashMap<>();
  private final List<Broken> broken = new ArrayList<>();
  private final LoadingCache<ConnectorId, Definition> definitions =
      Caffeine.newBuilder()
          .maximumWeight(KEPT_BYTES)
          .weigher((ConnectorId id, Definition definition) -> weight(definition))
          .executor(Runnable::run)
          .build(this::read);

  /** Where a definition comes from, and by which its files are known again. */
  private record Source(Entry entry, DefinitionFiles files, String version, long checksum) {}

  private final Function<ConnectorId, LoadOptions> options;

  private DefinitionCatalogue(Function<ConnectorId, LoadOptions> options) {
    this.options = options;
  }

  /**
   * Loads folders. A folder with a file {@code apiProperties.json} or {@code *swagger*.json} is a
   * definition. Of any other folder, each folder in it is one, except those whose name begins with
   * a dot; files beside them, such as overlays, are left alone. Broken definitions are listed; the
   * others are loaded all the same. Reads on {@link java.util.concurrent.ForkJoinPool#commonPool},
   * and blocks until everything is read.
   *
   * @throws DefinitionException if one of {@code folders} itself cannot be read
   */
  public static DefinitionCatalogue load(Path... folders) {
    return load(id -> LoadOptions.standard(), folders);
  }

  /**
   * Loads folders with settings of the host; see {@link #load(Path...)}.
   *
   * @param options asked each time a definition is read; safe for use by several threads
   */
  public static DefinitionCatalogue load(
      Function<ConnectorId, LoadOptions> options, Path... folders) {
    DefinitionCatalogue catalogue =
        new DefinitionCatalogue(Objects.requireNonNull(options, "options"));
    for (Path folder : folders) {
      definitionsIn(folder).parallelStream().map(Scanned::of).toList().forEach(catalogue::add);
    }
    return catalogue;
  }

  private static List<Path> definitionsIn(Path folder) {
    List<Path> inside = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry)) {
          if (!DefinitionFiles.nameOf(entry).startsWith(".")) {
            inside.add(entry);
          }
        } else if (DefinitionFiles.isNamedLikeOne(entry)) {
          return List.of(folder);
        }
      }
    } catch (IOException e) {
      throw new DefinitionException(
          DefinitionFiles.nameOf(folder), 0, 0, "cannot be read as a folder");
    }
    return inside.isEmpty() ? List.of(folder) : inside;
  }

  /**
   * What became of a folder.
   *
   * @param source {@code null} if it is broken
   * @param problem {@code null} if it is not
   */
  private record Scanned(
      Path folder, @Nullable Source source, @Nullable DefinitionException problem) {

    static Scanned of(Path folder) {
      try {
        return new Scanned(folder, source(folder), null);
      } catch (DefinitionException e) {
        return new Scanned(folder, null, e);
      }
    }

    private static Source source(Path folder) {
      ConnectorId id = Definition.idOf(folder);
      DefinitionFiles files = DefinitionFiles.in(folder);
      DefinitionContent content = files.read();
      ScannedDocument found =
          DefinitionScan.swagger(content.swagger(), Warnings.ignored(files.swaggerName()));
      DefinitionScan.properties(content.properties(), Warnings.ignored(files.propertiesName()));
      List<Operation> operations = found.operations().stream().map(Operation::of).toList();
      String title = DefinitionReader.orElse(found.title(), id.value());
      Entry entry = new Entry(id, title, folder, operations);
      String version = DefinitionReader.orElse(found.version(), "0");
      return new Source(entry, files, version, content.checksum());
    }
  }

  private void add(Scanned scanned) {
    Source source = scanned.source();
    DefinitionException problem = scanned.problem();
    if (source != null && sources.putIfAbsent(source.entry().connector(), source) != null) {
      problem =
          new DefinitionException(
              source.files().directory(),
              0,
              0,
              "another definition has the id '" + source.entry().connector() + "'");
    }
    if (problem != null) {
      broken.add(new Broken(scanned.folder(), problem));
    }
  }

  private Definition read(ConnectorId id) {
    Source source = source(id);
    DefinitionContent content = source.files().read();
    if (content.checksum() != source.checksum()) {
      throw new DefinitionException(
          source.files().directory(),
          0,
          0,
          "its files have changed since the catalogue was loaded; load the catalogue again");
    }
    return DefinitionReader.read(source.files(), content, id, options.apply(id));
  }

  private Source source(ConnectorId id) {
    Source source = sources.get(id);
    if (source == null) {
      throw new NotFoundException(
          "definition", id.value(), "The catalogue has " + sources.size() + " others.");
    }
    return source;
  }

  private static int weight(Definition definition) {
    return (int) Math.min(definition.weight(), Integer.MAX_VALUE);
  }

  /**
   * Sets about how much of the heap those definitions may take that are kept in memory: 64 MiB by
   * default, which is enough for some 400 of the usual size. Of more than that the ones that are
   * used most are kept, and the others read again for each use.
   *
   * @param bytes 0 for keeping none
   * @return this catalogue
   * @throws IllegalArgumentException if it is negative
   */
  public DefinitionCatalogue keepAtMost(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("No less than nothing can be kept, but was " + bytes);
    }
    definitions.policy().eviction().orElseThrow().setMaximum(bytes);
    return this;
  }

  /** Returns what was loaded, in the order of the folders. */
  public List<Entry> entries() {
    return sources.values().stream().map(Source::entry).toList();
  }

  /** Returns what could not be loaded, in the order of the folders. */
  public List<Broken> broken() {
    return List.copyOf(broken);
  }

  /** Returns what was loaded under an id. */
  public Optional<Entry> find(ConnectorId id) {
    return Optional.ofNullable(sources.get(id)).map(Source::entry);
  }

  /**
   * Returns a definition, which is read again if it is not in memory.
   *
   * @throws NotFoundException if none was loaded under this id
   * @throws DefinitionException if its files have changed or are gone
   */
  public Definition definition(ConnectorId id) {
    return definitions.get(Objects.requireNonNull(id, "id"));
  }

  /**
   * Returns a connector for each definition, in the order of the folders; register them with a
   * runtime. Their methods read the definition where they need it, and then throw what {@link
   * #definition} throws.
   */
  public Collection<Connector> connectors() {
    List<Connector> connectors = new ArrayList<>();
    sources.forEach(
        (id, source) ->
            connectors.add(
                new CatalogueConnector(
                    id, source.entry().title(), source.version(), () -> definition(id))));
    return List.copyOf(connectors);
  }

  /**
   * Returns whether a connector comes from a catalogue, so that looking at its operations reads
   * files.
   */
  public static boolean holds(Connector connector) {
    return connector instanceof CatalogueConnector;
  }

  @Override
  public String toString() {
    return sources.size() + " definitions, " + broken.size() + " broken";
  }

  /**
   * One definition of the catalogue.
   *
   * @param connector the connector's id, made from the folder's name
   * @param title the name that the definition gives itself
   * @param folder where it is
   * @param operations all of them, in the order of the file; whether one can be called is in {@link
   *     Definition#report}
   */
  public record Entry(
      ConnectorId connector, String title, Path folder, List<Operation> operations) {

    public Entry {
      Objects.requireNonNull(connector, "connector");
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(folder, "folder");
      operations = List.copyOf(operations);
    }
  }

  /**
   * What a list of operations shows.
   *
   * @param id the {@code operationId}
   * @param method the HTTP method in upper case, as the definition has it
   * @param path the path template
   * @param title the name that people read
   * @param trigger whether it is a trigger, and not an action
   * @param deprecated whether new work should not use it
   * @param internal whether people are not offered it
   */
  public record Operation(
      String id,
      String method,
      String path,
      String title,
      boolean trigger,
      boolean deprecated,
      boolean internal) {

    public Operation {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(title, "title");
    }

    private static Operation of(ScannedOperation scanned) {
      return new Operation(
          scanned.id(),
          scanned.method(),
          scanned.path(),
          scanned.title(),
          scanned.trigger(),
          scanned.deprecated(),
          scanned.internal());
    }
  }

  /**
   * A folder whose definition cannot be used.
   *
   * @param problem which file, where in it, and what is wrong
   */
  public record Broken(Path folder, DefinitionException problem) {

    public Broken {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(problem, "problem");
    }
  }
}
