/**
 * What an operation declares of its requests and answers, and the making of a request from an
 * input.
 */
@NullMarked
package dev.connectorsdk.internal.definition.request;

import org.jspecify.annotations.NullMarked;
