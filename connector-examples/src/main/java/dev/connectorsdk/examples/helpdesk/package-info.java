/**
 * A plugin to copy from. Start at {@link dev.connectorsdk.examples.helpdesk.Helpdesk}; its
 * home-grown way to authenticate begins at {@link dev.connectorsdk.examples.helpdesk.SessionLogin}.
 */
@NullMarked
package dev.connectorsdk.examples.helpdesk;

import org.jspecify.annotations.NullMarked;
