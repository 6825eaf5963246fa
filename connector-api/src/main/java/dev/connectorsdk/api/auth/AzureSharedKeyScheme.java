package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.List;
import java.util.Objects;

/**
 * Shared Key authorization of Azure Storage: each request is signed with one of the two keys of a
 * storage account.
 *
 * <pre>{@code
 * Connector.builder("blobs", "https://{account_name}.blob.core.windows.net")
 *     .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
 * }</pre>
 *
 * <p>Follows "Authorize with Shared Key" of the Azure Storage REST reference, for service versions
 * from 2015-02-21 on. The headers {@code x-ms-date} and, if the request has none, {@code
 * x-ms-version} are set anew for each attempt. The account's name stands in the host name or, with
 * emulators, at the beginning of the path. Account and key are the parameters {@link #ACCOUNT} and
 * {@link #KEY}.
 *
 * @param variant which text is signed
 * @param version the service version that requests ask for unless they do so themselves
 */
public record AzureSharedKeyScheme(Variant variant, String version) implements AuthScheme {

  /** The connection parameter for the name of the storage account. */
  public static final String ACCOUNT = "account_name";

  /** The secret connection parameter for the account's key, in Base64 as the portal shows it. */
  public static final String KEY = "access_key";

  /** Which text is signed. */
  public enum Variant {
    /** Shared Key for Blob, Queue and File. */
    SHARED_KEY,
    /** Shared Key Lite for Blob, Queue and File. */
    SHARED_KEY_LITE,
    /** Shared Key for Table. */
    TABLE,
    /** Shared Key Lite for Table. */
    TABLE_LITE
  }

  public AzureSharedKeyScheme {
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(version, "version");
  }

  /** Returns the scheme for the Blob service; Queue and File sign in the same way. */
  public static AzureSharedKeyScheme blob() {
    return new AzureSharedKeyScheme(Variant.SHARED_KEY, "2023-11-03");
  }

  /** Returns the scheme for the Table service. */
  public static AzureSharedKeyScheme table() {
    return new AzureSharedKeyScheme(Variant.TABLE, "2019-02-02");
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return List.of(
        ConnectionParameter.text(ACCOUNT).titled("Storage account name"),
        ConnectionParameter.secret(KEY).titled("Access key"));
  }
}
