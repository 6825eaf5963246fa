package dev.connectorsdk.internal.http;

import okhttp3.HttpUrl;

/**
 * A URL of a service.
 *
 * @param chosenByUser whether a connection's values have a say in its host
 * @param atHome whether its host is the choice of the connector's author all the same, as {@link
 *     UrlTemplate#hasFixedHost} says
 */
public record ServiceUrl(HttpUrl url, boolean chosenByUser, boolean atHome) {}
