/** How a Guard rule chooses resources: `Resources.*[ Type == 'AWS::S3::Bucket' ]`. */
const SELECTION = /\[\s*Type\b/g;
const SELECTION_BY_NAME = /\[\s*Type\s*==\s*['"](\w+::\w+)::\w+['"]/g;

/**
 * The services whose resources a Guard policy judges, as names of hook targets (`AWS::S3::*`), sorted. Undefined where
 * the policy chooses resources in a way that this cannot read, or none at all: a hook must not overlook what a rule means.
 */
export function judgedServices(policy: string): string[] | undefined {
  const named = [...policy.matchAll(SELECTION_BY_NAME)].map(([, service]) => `${service}::*`);
  const readable = named.length > 0 && named.length === policy.match(SELECTION)?.length;
  return readable ? [...new Set(named)].sort() : undefined;
}
