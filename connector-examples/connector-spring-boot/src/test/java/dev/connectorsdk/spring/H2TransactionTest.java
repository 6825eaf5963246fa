package dev.connectorsdk.spring;

import java.util.List;
import java.util.UUID;

class H2TransactionTest extends TransactionContract {

  @Override
  List<String> database() {
    return List.of("--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());
  }
}
