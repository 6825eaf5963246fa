package dev.connectorsdk.internal.http;

import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/** Cancels the calls that stand for another one when that is cancelled. */
final class CancelledTogether extends EventListener {

  private final Call outer;
  private volatile @Nullable Call inner;

  CancelledTogether(Call outer) {
    this.outer = outer;
    outer.addEventListener(this);
  }

  /** Cancels this call from now on, in place of the one before. */
  void with(Call call) {
    inner = call;
    if (outer.isCanceled()) {
      call.cancel();
    }
  }

  @Override
  public void canceled(Call cancelled) {
    Call call = inner;
    if (call != null) {
      call.cancel();
    }
  }
}
