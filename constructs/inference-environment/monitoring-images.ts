import { Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';

/**
 * AWS's accounts that hold the images, by Region: of Model Monitor's analyzer, and of Clarify.
 *
 * Source: SageMaker Python SDK (v2), `image_uri_config/model-monitor.json` and `clarify.json`; the Regions that both
 * list, read 2026-11-26.
 */
const REGISTRIES: Readonly<Record<string, { readonly analyzer: string; readonly clarify: string }>> = {
  'af-south-1': { analyzer: '875698925577', clarify: '811711786498' },
  'ap-east-1': { analyzer: '001633400207', clarify: '098760798382' },
  'ap-northeast-1': { analyzer: '574779866223', clarify: '377024640650' },
  'ap-northeast-2': { analyzer: '709848358524', clarify: '263625296855' },
  'ap-south-1': { analyzer: '126357580389', clarify: '452307495513' },
  'ap-southeast-1': { analyzer: '245545462676', clarify: '834264404009' },
  'ap-southeast-2': { analyzer: '563025443158', clarify: '007051062584' },
  'ca-central-1': { analyzer: '536280801234', clarify: '675030665977' },
  'cn-north-1': { analyzer: '453000072557', clarify: '122526803553' },
  'cn-northwest-1': { analyzer: '453252182341', clarify: '122578899357' },
  'eu-central-1': { analyzer: '048819808253', clarify: '017069133835' },
  'eu-north-1': { analyzer: '895015795356', clarify: '763603941244' },
  'eu-south-1': { analyzer: '933208885752', clarify: '638885417683' },
  'eu-west-1': { analyzer: '468650794304', clarify: '131013547314' },
  'eu-west-2': { analyzer: '749857270468', clarify: '440796970383' },
  'eu-west-3': { analyzer: '680080141114', clarify: '341593696636' },
  'me-south-1': { analyzer: '607024016150', clarify: '835444307964' },
  'sa-east-1': { analyzer: '539772159869', clarify: '520018980103' },
  'us-east-1': { analyzer: '156813124566', clarify: '205585389593' },
  'us-east-2': { analyzer: '777275614652', clarify: '211330385671' },
  'us-west-1': { analyzer: '890145073186', clarify: '740489534195' },
  'us-west-2': { analyzer: '159807026194', clarify: '306415355426' },
};

/** AWS's own images that look at captured requests. AWS publishes no digests, so the analyzer has no tag and Clarify its only one. */
export interface MonitoringImages {
  /** Image of Model Monitor, for the quality of data and answers. */
  readonly analyzerUri: string;
  /** Image of Clarify, for bias and explanations. */
  readonly clarifyUri: string;
  /** The two repositories. */
  readonly repositories: ecr.IRepository[];
}

/** The images in the stack's Region. Throws PALISADE-I005 for a Region in which they are not known. */
export function monitoringImages(scope: Construct): MonitoringImages {
  const { region } = Stack.of(scope);
  const accounts = REGISTRIES[region];
  if (!accounts) {
    throw new PalisadeError({
      code: 'PALISADE-I005',
      where: scope.node.path,
      problem: `the monitoring images in ${Token.isUnresolved(region) ? 'a Region chosen later' : region} are not known`,
      fix: `give the stack an env with one of ${Object.keys(REGISTRIES).join(', ')}, or leave monitoring out`,
    });
  }
  const analyzer = repositoryOf(scope, 'Analyzer', accounts.analyzer, 'sagemaker-model-monitor-analyzer');
  const clarify = repositoryOf(scope, 'Clarify', accounts.clarify, 'sagemaker-clarify-processing');
  return {
    analyzerUri: analyzer.repositoryUri,
    clarifyUri: clarify.repositoryUriForTag('1.0'),
    repositories: [analyzer, clarify],
  };
}

function repositoryOf(scope: Construct, id: string, account: string, repositoryName: string): ecr.IRepository {
  const parts = { service: 'ecr', account, resource: 'repository', resourceName: repositoryName };
  const repositoryArn = Stack.of(scope).formatArn(parts);
  return ecr.Repository.fromRepositoryAttributes(scope, id, { repositoryArn, repositoryName });
}
