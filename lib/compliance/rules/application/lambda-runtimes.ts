/**
 * Managed runtimes that AWS has deprecated, as of 2026-11-24 (AWS Lambda Developer Guide, "Lambda runtimes", and the
 * runtime data of cfn-lint 1.51). Those on Amazon Linux 2 that AWS still patches are not among them.
 */
export const DEPRECATED_RUNTIMES: readonly string[] = [
  ...['dotnetcore1.0', 'dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1', 'dotnet6', 'dotnet8'],
  ...['go1.x', 'java8', 'provided'],
  ...['nodejs', 'nodejs4.3', 'nodejs4.3-edge', 'nodejs6.10', 'nodejs8.10', 'nodejs10.x', 'nodejs12.x', 'nodejs14.x'],
  ...['nodejs16.x', 'nodejs18.x', 'nodejs20.x'],
  ...['python2.7', 'python3.6', 'python3.7', 'python3.8', 'python3.9'],
  ...['ruby2.5', 'ruby2.7', 'ruby3.2'],
];
