package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7592 section 3: where a registered client is deleted. */
class RegistrationMessageTest {

  @ParameterizedTest
  @CsvSource({
    "https://id.example.com/register, https://id.example.com/clients/1, true",
    "https://id.example.com/register, HTTPS://ID.example.com:443/clients/1, true",
    "https://my_id.example.com/register, https://my_id.example.com/clients/1, true",
    "https://my_id.example.com/register, https://another_one.example.com/clients/1, false",
    "https://id.example.com/register, https://id.example.org/clients/1, false",
    "https://id.example.com/register, https://me@id.example.com/clients/1, false",
    "https://id.example.com/register, /clients/1, false",
  })
  void theClientIsManagedOnTheOriginThatRegisteredIt(String url, String management, boolean kept) {
    RegistrationMessage message =
        new RegistrationMessage("Host", true, true, "none", null, List.of());
    AnswerBody answer =
        AnswerBody.of(
            "application/json",
            "{\"client_id\":\"c\",\"registration_access_token\":\"t\","
                + "\"registration_client_uri\":\"%s\"}".formatted(management),
            Map.of());

    assertThat(message.read(answer, URI.create(url)).management() != null).isEqualTo(kept);
  }
}
