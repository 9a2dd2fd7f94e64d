/** Region that stands for a stack whose Region only its deployment decides. */
const ANY_REGION = 'us-east-1';

/** The Region, or one that stands for it where only the deployment decides. */
export function knownRegion(region: string | undefined): string {
  return isKnownRegion(region) ? region : ANY_REGION;
}

/** Whether this names a Region: not one that only the deployment decides. */
export function isKnownRegion(region: string | undefined): region is string {
  return region !== undefined && region !== '' && !region.startsWith('unknown') && !region.includes('$');
}
