package dev.connectorsdk.internal.http;

import okhttp3.HttpUrl;

/**
 * A URL of a service.
 *
 * @param chosenByUser whether a connection's values have a say in its host
 */
public record ServiceUrl(HttpUrl url, boolean chosenByUser) {}
