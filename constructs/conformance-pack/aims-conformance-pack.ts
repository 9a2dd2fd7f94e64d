import * as config from 'aws-cdk-lib/aws-config';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';

/** Properties of the conformance pack. */
export interface AimsConformancePackProps {
  /** The pack as text. Usually `conformancePack(RULES, region)` of `palisade-cdk/compliance`. */
  readonly template: string;
  /** Letters, digits and hyphens, starting with a letter. Unique per account and Region. @default 'AIMS' */
  readonly packName?: string;
}

/** AWS Config API Reference, PutConformancePack. */
const MOST_BYTES = 51_200;
/** AWS Config Developer Guide, "Service Limits". */
const MOST_RULES = 130;
const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,255}$/;

/**
 * The rules of the AI management system at run time: AWS Config checks all day what the pack checked in the templates.
 * AWS Config must record in the account and Region; its results need no bucket of their own.
 *
 * Throws PALISADE-C203 for a template that AWS Config does not take, PALISADE-C204 for such a name.
 */
export class AimsConformancePack extends Construct {
  /** Name of the pack in AWS Config. */
  readonly packName: string;

  constructor(scope: Construct, id: string, { template, packName = 'AIMS' }: AimsConformancePackProps) {
    super(scope, id);
    this.requireTemplate(template);
    this.requireName(packName);
    new config.CfnConformancePack(this, 'Pack', { conformancePackName: packName, templateBody: template });
    this.packName = packName;
  }

  private requireTemplate(template: string): void {
    const bytes = Buffer.byteLength(template);
    const rules = template.split('AWS::Config::ConfigRule').length - 1;
    if (rules === 0 || rules > MOST_RULES || bytes > MOST_BYTES) {
      throw new PalisadeError({
        code: 'PALISADE-C203',
        where: this.node.path,
        problem: `the template has ${rules} rules and ${bytes} bytes; AWS Config takes 1 to ${MOST_RULES} rules in ${MOST_BYTES} bytes`,
        fix: 'give conformancePack(RULES, region), or split the rules over two packs',
      });
    }
  }

  private requireName(name: string): void {
    if (!NAME.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-C204',
        where: this.node.path,
        problem: `'${name}' is not the name of a conformance pack: expected ${NAME}`,
        fix: 'use letters, digits and hyphens, starting with a letter',
      });
    }
  }
}
