import { partitionOf, type StackTemplate, urlSuffixOf } from '../../../../lib/analysis';

/**
 * Texts of a template that belong to another partition: ARNs, and host names with a Region in them.
 *
 * A service principal such as `cloudtrail.amazonaws.com` is the same in every partition (IAM User Guide, "AWS service
 * principals"), so a bare one is no fault.
 */
export function foreignTexts({ stack, region, template }: StackTemplate): string[] {
  return [...new Set(textsIn(template))].flatMap((text) =>
    [...foreignArns(text, partitionOf(region)), ...foreignHosts(text, urlSuffixOf(region))].map(
      (foreign) => `${stack}: ${foreign} in '${text.slice(0, 100)}'`,
    ),
  );
}

function foreignArns(text: string, partition: string): string[] {
  return [...text.matchAll(/\barn:(aws[a-z-]*):/g)].filter(([, found]) => found !== partition).map(([arn]) => arn);
}

const REGIONAL_HOST = /[a-z0-9.-]*\b[a-z]{2}(?:-[a-z]+)+-\d\.(amazonaws\.com(?:\.cn)?)/g;

function foreignHosts(text: string, suffix: string): string[] {
  return [...text.matchAll(REGIONAL_HOST)].filter(([, found]) => found !== suffix).map(([host]) => host);
}

/** Names of Regions other than those that a template may mention. */
export function foreignRegions({ stack, region, template }: StackTemplate, allowed: readonly string[]): string[] {
  const own = new Set([region, ...allowed]);
  return [...new Set(textsIn(template))].flatMap((text) =>
    [...text.matchAll(/\b(?:us|eu|ap|cn|sa|ca|me|af|il|mx)-(?:gov-)?(?:north|south|east|west|central)+[a-z]*-\d\b/g)]
      .filter(([name]) => !own.has(name))
      .map(([name]) => `${stack}: ${name} in '${text.slice(0, 100)}'`),
  );
}

/**
 * Services whose endpoints in China are named `cn.com.amazonaws.<Region>.<service>`; the others keep `com.amazonaws`.
 * Source: `aws ec2 describe-vpc-endpoint-services` in cn-north-1, as CDK 2.275 records it (VPC_ENDPOINT_SERVICE_EXCEPTIONS).
 */
const CHINA_PREFIXED = new Set([
  'ecr.api',
  'ecr.dkr',
  'execute-api',
  'lambda',
  'monitoring',
  's3',
  'sagemaker.api',
  'sagemaker.runtime',
  'sqs',
  'states',
  'sts',
]);

/** VPC endpoints under a name that their Region does not offer. */
export function unfitEndpoints({ stack, region, template }: StackTemplate): string[] {
  return Object.entries(template.Resources ?? {})
    .filter(([, { Type }]) => Type === 'AWS::EC2::VPCEndpoint')
    .map(([id, { Properties }]) => ({ id, name: serviceName(Properties?.ServiceName, region) }))
    .filter(({ name }) => name !== endpointName(name.split(`${region}.`)[1] ?? '', region))
    .map(({ id, name }) => `${stack}/${id}: ${region} has no endpoint service ${name}`);
}

/** The CDK writes the names of gateways with the Region of the stack as a reference. */
function serviceName(name: unknown, region: string): string {
  const [separator, parts] = (name as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? ['', [name]];
  return parts.map((part) => (typeof part === 'string' ? part : region)).join(separator);
}

function endpointName(service: string, region: string): string {
  const prefix = region.startsWith('cn-') && CHINA_PREFIXED.has(service) ? 'cn.com.amazonaws' : 'com.amazonaws';
  return `${prefix}.${region}.${service}`;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}
