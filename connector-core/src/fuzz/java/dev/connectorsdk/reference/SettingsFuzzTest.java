package dev.connectorsdk.reference;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.error.InvalidInputException;

/** Whatever a settings file holds, it is read or refused. */
class SettingsFuzzTest {

  @FuzzTest
  void settings(FuzzedDataProvider data) {
    try {
      DeploymentSettings.parse("settings.json", data.consumeRemainingAsString()).toJson();
    } catch (InvalidInputException expected) {
      // That is how a file is refused.
    }
  }
}
