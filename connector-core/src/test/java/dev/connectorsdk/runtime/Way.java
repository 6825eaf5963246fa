package dev.connectorsdk.runtime;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException;

/** A way on which somebody may get to know something. */
interface Way {

  Object go() throws Exception;

  /** Runs what returns nothing. */
  static Object done(Runnable run) {
    run.run();
    return "nothing";
  }

  /** Returns all that somebody gets to know on the way. */
  static String told(Way way) {
    try {
      return "returned " + way.go();
    } catch (ResolutionException e) {
      return said(e) + " " + e.trail();
    } catch (ConnectorException e) {
      return said(e);
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static String said(ConnectorException e) {
    return e + " (" + e.getCause() + ") " + e.remedy();
  }
}
