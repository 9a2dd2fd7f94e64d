import { handler } from '../../../lambda/model-approval';
import { arnOf } from './memory-registry';

const ENVIRONMENT = {
  ACCOUNT: '111122223333',
  BUCKET: 'models',
  GROUP: 'dev-credit-scoring',
  PARAMETER: '/palisade/dev/credit-scoring/approved-model-package',
  SEAL_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
};
const before = { ...process.env };

beforeEach(() => {
  process.env = { ...before, ...ENVIRONMENT };
});

afterAll(() => {
  process.env = before;
});

test.each([
  undefined,
  {},
  { detail: {} },
  { detail: { ModelPackageArn: 7 } },
  { detail: { ModelPackageArn: arnOf(1).replace('dev', 'prod') } },
])('%j is no change of a package in this group', async (event) => {
  await expect(handler(event)).rejects.toMatchObject({ code: 'PALISADE-R207' });
});

test.each(Object.keys(ENVIRONMENT))('without %s nothing is called', async (name) => {
  delete process.env[name];
  const event = { detail: { ModelPackageArn: arnOf(1) } };
  await expect(handler(event)).rejects.toMatchObject({ code: 'PALISADE-R206', where: `environment.${name}` });
});
