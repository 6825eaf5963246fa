/**
 * How users sign in at a service: in a servlet, in Javalin, and in a terminal. Whole programs but
 * for the pages, each with a test that runs it.
 */
@NullMarked
package dev.connectorsdk.examples.signin;

import org.jspecify.annotations.NullMarked;
