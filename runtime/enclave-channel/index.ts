/**
 * What a client and an enclave say to each other, past everybody who carries it.
 *
 * The client has verified an attestation document; `public_key` in it is the enclave's X25519 key of this boot, raw, and
 * `user_data` is its `EnclaveIdentity`. Every request makes a fresh HPKE context (RFC 9180, base mode: DHKEM(X25519,
 * HKDF-SHA256), HKDF-SHA256, AES-256-GCM); its answer is sealed under a key exported from that context, as Oblivious HTTP
 * does it (RFC 9458, 4.4). Both are sent as `application/vnd.palisade.sealed`; integers are big-endian.
 *
 *     request = header, then chunks
 *     header  = version 1 (1 byte), key id (16: start of SHA-256 of the enclave's public key), request id (16, random),
 *               time (8: milliseconds since 1970), encapsulated key (32)
 *     answer  = nonce (32, random), then chunks
 *     chunk   = kind (1 byte), length of what follows (4), sealed bytes: at most 65,536 of plaintext and a tag of 16
 *
 * Kinds are 1 head, 2 body, 3 end: one head first, body as often as there is something to say, one end, and nothing after
 * it. Head is canonical JSON (`RequestHead`, `AnswerHead`). End is the final flag; in an answer it may hold a receipt.
 *
 *     HPKE info       = "palisade enclave channel 1"
 *     additional data = header, direction (1 byte: 1 request, 2 answer), sequence (8), kind (1), system (UTF-8)
 *     answer's key    = HKDF-SHA256 of the exported secret ("palisade answer", 32 bytes), salt = encapsulated key and
 *                       nonce, info "key" (32 bytes) and "nonce" (12 bytes, exclusive or sequence)
 *
 * So a bit flipped, a chunk dropped, doubled, moved, or taken from another message, direction, system or enclave does not
 * open. The same request a second time is refused by the enclave's `ReplayWindow`; one for an enclave that has been
 * started anew is refused by key id. Refusals travel in clear and say a code only; nobody vouches for them.
 *
 * Nothing here needs Node.js: WebCrypto, bytes and async iterables.
 */
export { fromBase64url, fromHex, toBase64url, toHex } from './bytes';
export { KEY_CHANGED, type Refusal, refusalOf } from './fault';
export { ANSWER_HEADERS, type AnswerHead, passing, REQUEST_HEADERS, type RequestHead } from './head';
export { type EnclaveIdentity, type EnclaveIdentityFields, identityOf, userDataOf } from './identity';
export { ReplayWindow } from './replay-window';
export { type OpenedAnswer, type OutgoingRequest, type SealedRequest, sealRequest } from './requester';
export { EnclaveResponder, type EnclaveResponderOptions, type OpenedRequest } from './responder';
export { HEADER_LENGTH, type RequestHeader, readHeader, SEALED } from './wire';
