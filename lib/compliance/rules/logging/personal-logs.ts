import { textOf } from '../../../analysis';
import { asList, valueAt } from '../../expect';
import type { Requirement } from '../../requirements';

const CLASS = /(^|[\s,])(personal|special-category)($|[\s,])/;

/** These are asked of a log group that says, by its tag, that it holds personal data. */
export function wherePersonal(requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) => (isPersonal(holder) ? requirements.flatMap(({ judge }) => judge(holder, at)) : []),
    guard: (at) => {
      const body = requirements.map(({ guard }) => guard(at)).join('\n');
      return `when ${at}Tags[ Key == 'ai:data-class' ].Value == /${CLASS.source}/ {\n${body}\n}`;
    },
  };
}

function isPersonal(holder: unknown): boolean {
  return asList(valueAt(holder, 'Tags')).some(
    (tag) => valueAt(tag, 'Key') === 'ai:data-class' && CLASS.test(textOf(valueAt(tag, 'Value'))),
  );
}

/** These are asked of a log group that SageMaker gives to the containers of an endpoint, by its name. */
export function whereContainersLog(requirements: readonly Requirement[]): Requirement {
  return {
    claims: requirements.flatMap(({ claims }) => claims),
    judge: (holder, at) =>
      ENDPOINT_LOG.test(textOf(valueAt(holder, 'LogGroupName')))
        ? requirements.flatMap(({ judge }) => judge(holder, at))
        : [],
    guard: (at) => {
      const body = requirements.map(({ guard }) => guard(at)).join('\n');
      return `when ${at}LogGroupName == /${ENDPOINT_LOG.source}/ {\n${body}\n}`;
    },
  };
}

const ENDPOINT_LOG = /^.aws.sagemaker.Endpoints/;
