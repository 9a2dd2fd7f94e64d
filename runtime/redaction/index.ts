export type { Entity } from './entity';
export { findEntities, RECOGNIZERS } from './find';
export { type Field, type Redacted, redact, redactRecord } from './redact';
