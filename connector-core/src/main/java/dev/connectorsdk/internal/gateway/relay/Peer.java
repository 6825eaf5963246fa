package dev.connectorsdk.internal.gateway.relay;

import com.nimbusds.jose.jwk.ECKey;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param proven the public key whose private part it has just proven to have
 * @param member who that is, or {@code null} for one that wants to become a member
 */
public record Peer(ECKey proven, @Nullable LineMember member) {}
