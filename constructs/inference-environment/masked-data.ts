import { DataIdentifier, DataProtectionPolicy } from 'aws-cdk-lib/aws-logs';

/**
 * Names of kinds of data that are no person's and no secret's, or that look like the figures which a model's container
 * logs for good reason: places, postal codes, dates, codes of companies, drugs and procedures.
 */
const NOT_MASKED =
  /^(CEPCODE|CNPJ|CREDITCARDEXPIRATION|DRUG|HEALTHCAREPROCEDURE|LATLONG|NATIONALDRUG|NATIONALPROVIDER|POSTALCODE|ZIPCODE)/;

/**
 * Masks personal data and secrets in what a model's container prints, for everybody without `logs:Unmask`: all kinds that
 * CloudWatch Logs knows, of all countries (CloudWatch Logs User Guide, "Types of data that you can protect"), but for
 * those that would mask figures. Findings go nowhere: they would be a second log of the same data.
 */
export function maskPersonalData(): DataProtectionPolicy {
  const identifiers = Object.entries(DataIdentifier).filter(([name]) => !NOT_MASKED.test(name));
  return new DataProtectionPolicy({
    name: 'personal-data',
    description: 'Masks personal data and secrets that containers print',
    identifiers: identifiers.map(([, identifier]) => identifier),
  });
}
