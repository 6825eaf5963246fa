package dev.connectorsdk.internal.gateway.relay;

import com.nimbusds.jose.jwk.ECKey;

/**
 * A member of a gateway, as far as its lines go.
 *
 * @param identity the public key that it proves itself with
 * @param order which member is asked first; the smallest one is
 * @param spread whether requests go to all members of the gateway in turn
 * @param confirmed whether it may carry requests
 */
public record LineMember(
    String gateway, String id, ECKey identity, int order, boolean spread, boolean confirmed) {}
