package dev.connectorsdk.api.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.module.SimpleModule;

/**
 * Has records made by method handles, which takes less time than reflection does. What is made, and
 * what is said of a constructor that fails, stays the same.
 */
final class RecordConstructors extends SimpleModule {

  private static final long serialVersionUID = 1L;
  private static final MethodType OF_ARGUMENTS =
      MethodType.methodType(Object.class, Object[].class);

  RecordConstructors() {
    super("records");
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addValueInstantiators(new Instantiators());
  }

  private static final class Instantiators extends ValueInstantiators.Base {

    @Override
    public ValueInstantiator modifyValueInstantiator(
        DeserializationConfig config, BeanDescription.Supplier described, ValueInstantiator usual) {
      return described.getType().isRecordType()
              && usual.getClass() == StdValueInstantiator.class
              && usual.getWithArgsCreator() instanceof AnnotatedConstructor creator
          ? prepared((StdValueInstantiator) usual, creator.getAnnotated())
          : usual;
    }

    private static ValueInstantiator prepared(
        StdValueInstantiator usual, Constructor<?> constructor) {
      try {
        MethodHandle handle = MethodHandles.lookup().unreflectConstructor(constructor);
        return new Prepared(
            usual,
            handle
                .asFixedArity()
                .asSpreader(Object[].class, constructor.getParameterCount())
                .asType(OF_ARGUMENTS));
      } catch (IllegalAccessException e) {
        return usual;
      }
    }
  }

  private static final class Prepared extends StdValueInstantiator {

    private final MethodHandle constructor;

    Prepared(StdValueInstantiator usual, MethodHandle constructor) {
      super(usual);
      this.constructor = constructor;
    }

    @Override
    public Object createFromObjectWith(
        DeserializationContext context, @Nullable Object[] arguments) {
      try {
        return (Object) constructor.invokeExact(arguments);
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        return context.handleInstantiationProblem(
            getValueClass(), arguments, rewrapCtorProblem(context, e));
      }
    }
  }
}
