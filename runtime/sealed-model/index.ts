/**
 * A model that only an enclave opens: a folder as one file, sealed under a data key that a CMK wraps.
 *
 *     file   = "palisade model 1\n", length of the head (4 bytes), head, chunks
 *     head   = canonical JSON: {"purpose":"model","system":NAME,"wrappedKey":BASE64URL}
 *     chunk  = last (1 byte: 0 or 1), length of what follows (4), sealed bytes: at most 1 MiB of plaintext and a tag of 16
 *
 * Integers are big-endian. Chunks are AES-256-GCM under the data key; nonce: 4 zero bytes and the number of the chunk (8);
 * additional data: SHA-256 of everything before the chunks, the number (8), `last` (1). A data key seals one file and is then
 * gone, so numbers may start at zero. So a chunk that is altered, moved, dropped, or taken from another file does not open,
 * nor does a file that was cut off, as only its last chunk says that it is the last.
 *
 * `wrappedKey` is what KMS made of the data key, under the encryption context `{system, purpose: "model"}`. The plaintext is a
 * tar archive (`tarOf`, `entriesOf`), and its SHA-256 is the digest by which clients pin the model.
 */
export { type ModelContext, type OpenedModel, openModel } from './open';
export { type SealModelOptions, sealModel } from './seal';
export { entriesOf, type TarEntry, type TarFile, tarOf } from './tar';
