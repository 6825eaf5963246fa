package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.InvalidInputException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Records of a named module that does not let this library in. */
class ClosedModuleTest {

  @TempDir Path folder;
  private Object city;

  @BeforeEach
  void compileAModule() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("sources/closed"));
    Files.writeString(
        sources.getParent().resolve("module-info.java"),
        """
        module closed {
          provides java.util.function.Supplier with closed.Cities;
        }
        """);
    Files.writeString(sources.resolve("City.java"), "package closed; record City(String name) {}");
    Files.writeString(
        sources.resolve("Cities.java"),
        """
        package closed;
        public class Cities implements java.util.function.Supplier<Object> {
          public Object get() {
            return new City(null);
          }
        }
        """);
    Path classes = folder.resolve("classes");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                sources.getParent().resolve("module-info.java").toString(),
                sources.resolve("Cities.java").toString(),
                sources.resolve("City.java").toString());
    assertThat(result).isZero();
    ModuleLayer boot = ModuleLayer.boot();
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(
            boot.configuration()
                .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("closed")),
            getClass().getClassLoader());
    city = ServiceLoader.load(layer, Supplier.class).findFirst().orElseThrow().get();
  }

  @Test
  void areCheckedAsTheJsonThatTheMapperMakesOfThem() {
    Schemas schemas = new Schemas(mapperThatIsLetIn());

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> schemas.validatorFor(shape()).checkTyped("action 'find'", city))
        .withMessage("Invalid input for action 'find': /name: must be string, but is null");
  }

  @Test
  void areRefusedWithWhatToDoIfTheMapperIsNotLetInEither() {
    Schemas schemas = new Schemas(JsonSettings.newMapper());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> schemas.validatorFor(shape()).checkTyped("action 'find'", city))
        .withMessage(
            "Records of closed.City cannot be read; open its package to tools.jackson.databind");
  }

  @SuppressWarnings("unchecked")
  private Shape<Object> shape() {
    return Shape.of((Class<Object>) city.getClass());
  }

  private JsonMapper mapperThatIsLetIn() {
    return JsonSettings.newMapper()
        .rebuild()
        .addModule(
            new SimpleModule("closed")
                .addSerializer(
                    new StdSerializer<Object>(city.getClass()) {
                      @Override
                      public void serialize(
                          Object value, JsonGenerator json, SerializationContext context) {
                        json.writeStartObject();
                        json.writeNullProperty("name");
                        json.writeEndObject();
                      }
                    }))
        .build();
  }
}
