package dev.connectorsdk.internal.http;

import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import java.nio.file.Path;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What a host says of requests.
 *
 * @param client whose proxy, DNS, sockets, TLS settings and interceptors are used, or {@code null}
 *     for a client of our own
 * @param addresses where a host may be that a user chose
 * @param limits of calls
 * @param tokenLimits of requests to strategies' own endpoints, each of which is sent once
 * @param userAgent what requests say of who sends them, or {@code null} for the HTTP client's words
 * @param temporaryFiles the folder for these, or {@code null} for one below the JVM's
 */
public record HttpSettings(
    @Nullable OkHttpClient client,
    AddressPolicy addresses,
    HttpLimits limits,
    HttpLimits tokenLimits,
    @Nullable String userAgent,
    @Nullable Path temporaryFiles) {}
