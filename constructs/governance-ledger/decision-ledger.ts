import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { HandlerFunction } from '../workload';

/** Where constructs of this library record what was decided; `GovernanceLedger` is one. */
export interface IDecisionLedger {
  /** Records events of one system. */
  writerOf(system: string): lambda.IFunction;
  /** Lets `grantee` record events of one system. */
  grantAppend(grantee: iam.IGrantable, system: string): iam.Grant;
}

/** Who records: a key ring says it. */
interface Speaker {
  readonly system: string;
  readonly stage: string;
}

/** Lets a function of this library record events of its own system, and tells it where: `lambda/support/ledger-client` reads that. */
export function recordDecisions(handler: HandlerFunction, ledger: IDecisionLedger, { system, stage }: Speaker): void {
  ledger.grantAppend(handler, system);
  handler.addEnvironment('LEDGER_WRITER', ledger.writerOf(system).functionArn);
  handler.addEnvironment('STAGE', stage);
}
