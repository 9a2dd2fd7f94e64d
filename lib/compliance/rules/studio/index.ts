import type { OmittedRule, Rule } from '../../rule';
import { sageMakerDomainCmk } from './domain-cmk';
import { sageMakerDomainDockerDisabled } from './domain-docker-disabled';
import { sageMakerDomainOutputSharing } from './domain-output-sharing';
import { sageMakerDomainSourceIdentity } from './domain-source-identity';
import { sageMakerDomainSso } from './domain-sso';
import { sageMakerDomainVpcOnly } from './domain-vpc-only';
import { sageMakerNotebookCmk } from './notebook-cmk';
import { sageMakerNotebookImdsV2 } from './notebook-imds-v2';
import { sageMakerNotebookInVpc } from './notebook-in-vpc';
import { sageMakerNotebookNoDirectInternet } from './notebook-no-direct-internet';
import { sageMakerNotebookPlatformCurrent } from './notebook-platform-current';
import { sageMakerNotebookRootDisabled } from './notebook-root-disabled';
import { sageMakerSpacePrivate } from './space-private';

/** Rules of notebooks and SageMaker Studio. */
export const STUDIO_RULES: readonly Rule[] = [
  sageMakerDomainCmk,
  sageMakerDomainDockerDisabled,
  sageMakerDomainOutputSharing,
  sageMakerDomainSourceIdentity,
  sageMakerDomainSso,
  sageMakerDomainVpcOnly,
  sageMakerNotebookCmk,
  sageMakerNotebookImdsV2,
  sageMakerNotebookInVpc,
  sageMakerNotebookNoDirectInternet,
  sageMakerNotebookPlatformCurrent,
  sageMakerNotebookRootDisabled,
  sageMakerSpacePrivate,
];

/** Proposals that became part of another rule, or none. */
export const STUDIO_OMITTED: readonly OmittedRule[] = [];
