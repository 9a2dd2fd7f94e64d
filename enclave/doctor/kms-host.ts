/** Name of KMS in a Region; in China it ends otherwise. */
export function kmsHost(region: string): string {
  return `kms.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
