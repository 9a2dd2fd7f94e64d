import { conditionKeys, type Statement } from '../../statements';

/** Condition keys that hold for all resources of an account alike, so that `*` stays everything. */
const FOR_ALL =
  /^(aws:(multifactorauth.+|principal.+|requestedregion|resource(account|orgid|orgpaths)|securetransport|source.+|userid|username|vpcsourceip)|iam:passedtoservice|s3:(delimiter|max-keys|prefix|x-amz-.+)|sagemaker:(?!resourcetag\/).+)$/i;

/** Whether some condition of a statement chooses among resources, such as one on their tags. */
export function choosesResources({ conditions }: Statement): boolean {
  return conditionKeys(conditions).some((key) => !FOR_ALL.test(key));
}
