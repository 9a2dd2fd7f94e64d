/** What an encryption key is for. One key never serves two purposes, nor two stages. */
export enum Purpose {
  /** Datasets at rest. Readable by training while sealed; never by inference. */
  DATA = 'data',
  /** Training volumes, intermediate output and model artifacts before registration. */
  TRAINING = 'training',
  /** Registered, signed model artifacts. Written by the registry; read by inference. */
  MODEL = 'model',
  /** Endpoint volumes, captured requests, guardrail and gateway state. */
  INFERENCE = 'inference',
  /** Log groups, queues and topics of operation. */
  LOGS = 'logs',
  /** Trails and evidence that nobody may delete. */
  AUDIT = 'audit',
}
