import { APPROVAL_FORMAT, type ApprovalRecord } from '../../../runtime/provenance';

/** A record of an approval by a second person. */
export const RECORD: ApprovalRecord = {
  format: APPROVAL_FORMAT,
  packageArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/dev-credit-scoring/7',
  artifact: 's3://models/run-1/model.tar.gz',
  artifactVersion: 'v1',
  artifactSha256: 'a'.repeat(64),
  image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost@sha256:${'b'.repeat(64)}`,
  requestedBy: 'arn:aws:sts::111122223333:assumed-role/DataScientist/sam@example.com',
  approvedBy: 'arn:aws:sts::111122223333:assumed-role/Approver/jane@example.com',
  approvedAt: '2026-11-24T10:00:00.000Z',
};
